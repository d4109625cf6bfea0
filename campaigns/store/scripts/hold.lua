-- Holds something for a person to see to, once however often it is sent, until somebody settles it.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), what ("tray" or "worries"), id, text (JSON)
--                was    null: hold it; else the text it must still have, which this one takes the place of
--                event  null or its full name, who, data (JSON text)
--                notice  null, or the e-mail that is to be sent of it, from at_ms on
-- Returns  {held} | {same} | {settled} | {moved} | {missing} | {gone}
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
local held = redis.call('HGET', key(ask.what), ask.id)
if ask.was == cjson.null and held then return {'same'} end
if ask.was ~= cjson.null then
  if not held then return {'missing'} end
  if held ~= ask.was then return {'moved'} end
end
redis.call('HSET', key(ask.what), ask.id, ask.text)
if ask.notice ~= cjson.null then redis.call('ZADD', key('notices'), 'NX', ask.at_ms, ask.notice) end
if ask.event ~= cjson.null then append(ask.event, ask.who, 0, ask.data) end
return {ask.was == cjson.null and 'held' or 'settled'}
