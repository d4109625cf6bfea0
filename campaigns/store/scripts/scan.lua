-- Notes what became of a scan, whole or of one page: its record, the pictures it ties to cards, and what waits for a person.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), scan (its id)
--                only     null or {field, text}: the scan's field must hold that text ("" for none)
--                fields   {field: text} of the scan
--                images   {field: text}, drop_images [fields]
--                unread   {item: text}, drop_unread [items]
--                working  "begin", "end" or "": whether the scan is still to be read
-- Returns  {noted} | {stands, text} | {gone}
local ask = cjson.decode(ARGV[1])
local null = cjson.null
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
local scan = key('scan', ask.scan)
if ask.only ~= null then
  local found = redis.call('HGET', scan, ask.only.field) or ''
  if found ~= ask.only.text then return {'stands', found} end
end

local function put_in(name, fields) for field, text in pairs(fields) do redis.call('HSET', name, field, text) end end
local function take_out(name, fields) for _, field in ipairs(fields) do redis.call('HDEL', name, field) end end
put_in(scan, ask.fields)
put_in(key('images'), ask.images)
take_out(key('images'), ask.drop_images)
put_in(key('unread'), ask.unread)
take_out(key('unread'), ask.drop_unread)
if ask.working == 'begin' then redis.call('SADD', key('scanning'), ask.scan) end
if ask.working == 'end' then redis.call('SREM', key('scanning'), ask.scan) end
return {'noted'}
