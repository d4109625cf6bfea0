-- Gives somebody the first of some wishes of the sample that needs them: nobody else is given the same turn meanwhile.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), who, ms (how long a turn is kept for somebody)
--                least, most: how many codings a wish must have already, and how many it may have with those on their way
--                places [[number, slot], ...] in the order to be given, leave null or {number, slot}: a turn handed back
-- Returns  {turn, number, slot} | {none} | {gone}
-- A turn lies in the hash of turns as "who until" for each who has one; what is past is taken out when it is met.
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
local now = now_ms()

local function others(place)
  local kept = {}
  for who, till in (redis.call('HGET', key('turns'), place) or ''):gmatch('(%S+) (%d+)') do
    if who ~= ask.who and tonumber(till) > now then kept[#kept + 1] = who .. ' ' .. till end
  end
  return kept
end

local function keep(place, turns)
  if #turns == 0 then redis.call('HDEL', key('turns'), place) else redis.call('HSET', key('turns'), place, table.concat(turns, ' ')) end
end

if ask.leave ~= cjson.null then
  local place = digits(ask.leave[1]) .. '-' .. digits(ask.leave[2])
  keep(place, others(place))
end
for _, one in ipairs(ask.places) do
  local place = digits(one[1]) .. '-' .. digits(one[2])
  local found = redis.call('HMGET', key('response', digits(one[1])), 'l', 'w' .. digits(one[2]), 'i' .. digits(one[2]))
  local said, codings = found[3] or '', 0
  for _ in said:gmatch('[^;]+') do codings = codings + 1 end
  local turns = others(place)
  local theirs = string.find(said, '|' .. ask.who .. '|', 1, true)
  if found[1] == 'live' and found[2] and not theirs and codings >= ask.least and codings + #turns < ask.most then
    turns[#turns + 1] = ask.who .. ' ' .. digits(now + ask.ms)
    keep(place, turns)
    return {'turn', one[1], one[2]}
  end
end
return {'none'}
