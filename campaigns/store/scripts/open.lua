-- Opens a batch of returns, once for each key.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), key ("" for none), batch {channel, place, day, counted, double}, event, who
-- Returns  {opened, number} | {same, number} | {gone}
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
if ask.key ~= '' then
  local known = redis.call('HGET', key('accepted', 'paper'), 'open:' .. ask.key)
  if known then return {'same', known} end
end
local number = redis.call('HINCRBY', key('returns'), 'last', 1)
local batch, now = ask.batch, now_ms()
local data = {batch = number, count = batch.counted, channel = batch.channel, day = batch.day}
if batch.place ~= '' then data.place = batch.place end
batch.state, batch.why, batch.opened_by, batch.opened_ms = 'open', '', ask.who, now
redis.call('HSET', key('returns'), digits(number), cjson.encode(batch))
if ask.key ~= '' then redis.call('HSET', key('accepted', 'paper'), 'open:' .. ask.key, digits(number)) end
append(ask.event, ask.who, 0, cjson.encode(data), now)
return {'opened', number}
