-- Records what happens to the campaign itself, with whatever it sets: loading, opening, closing, areas, parking.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: only    null or {field, text, key}: that field of the state, or of the hash named by key, must hold
--                        that text ("" for none)
--                sets    {key name: text}
--                hashes  {key name: {field: text}}
--                ids     {facet: [names]}, each new one given the next number
--                event (null: nothing to log), who, subject, data (JSON text)
-- Returns  {recorded, event or 0} | {stands, text}
local ask = cjson.decode(ARGV[1])
local null = cjson.null
if ask.only ~= null then
  local found = redis.call('HGET', key(ask.only.key or 'state'), ask.only.field) or ''
  if found ~= ask.only.text then return {'stands', found} end
end
for name, text in pairs(ask.sets) do redis.call('SET', key(name), text) end
for name, fields in pairs(ask.hashes) do
  for field, text in pairs(fields) do redis.call('HSET', key(name), field, text) end
end
for facet, names in pairs(ask.ids) do
  for _, name in ipairs(names) do
    redis.call('HSETNX', key('ids', facet), name, digits(redis.call('HLEN', key('ids', facet))))
  end
end
if ask.event == null then return {'recorded', 0} end
return {'recorded', append(ask.event, ask.who, ask.subject, ask.data)}
