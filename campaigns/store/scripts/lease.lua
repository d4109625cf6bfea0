-- Gives somebody the first of some wishes that nobody else has before them, and keeps it for them.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), who, ms (how long a wish is kept for somebody), places ["number-slot", ...] in order
-- Returns  {lease, place} | {none} | {gone}
-- A lease lies in the hash of leases as "who until"; those that are past are taken out.
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
local now, held = now_ms(), redis.call('HGETALL', key('leases'))
local others = {}
for i = 1, #held, 2 do
  local who, till = held[i + 1]:match('(%S+) (%d+)')
  if tonumber(till) <= now or who == ask.who then redis.call('HDEL', key('leases'), held[i]) else others[held[i]] = true end
end
for _, place in ipairs(ask.places) do
  if not others[place] then
    redis.call('HSET', key('leases'), place, ask.who .. ' ' .. digits(now + ask.ms))
    return {'lease', place}
  end
end
return {'none'}
