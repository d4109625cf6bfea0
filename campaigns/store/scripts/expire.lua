-- Lets the words of responses go whose time is up; what their rows are made of stays, and their commitments.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), slots, event, who, data (JSON text)
-- ARGV     then for each response: number, revision
-- Returns  {expired, event} | {moved, number} | {gone}
-- The commitments move to another field, so that no coding under way still fits them.
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
for i = 2, #ARGV, 2 do
  local found = redis.call('HMGET', key('response', ARGV[i]), 'l', 'v', 'e')
  local keeps = (found[1] == 'live' or found[1] == 'withdrawn') and not found[3]
  if not keeps or found[2] ~= ARGV[i + 1] then return {'moved', ARGV[i]} end
end

local now = digits(now_ms())
for i = 2, #ARGV, 2 do
  local n = tonumber(ARGV[i])
  local response = key('response', ARGV[i])
  if redis.call('HGET', response, 'l') == 'live' then redis.call('HSET', response, 'l', 'expired') end
  redis.call('HSET', response, 'v', digits(tonumber(ARGV[i + 1]) + 1), 'e', now)
  redis.call('HDEL', response, 'z', 'o')
  for slot = 1, ask.slots do
    local words = redis.call('HGET', response, 'k' .. slot)
    if words then redis.call('HSET', response, 'j' .. slot, words) end
    redis.call('HDEL', response, 'w' .. slot, 'k' .. slot)
    zero('vectors', n * ask.slots + slot - 1, 256 * ask.slots, 384)
  end
  redis.call('HDEL', key('parked'), 'tallies:' .. digits(n), 'coding:' .. digits(n))
end
return {'expired', append(ask.event, ask.who, 0, ask.data)}
