-- Lets the words of responses go whose time is up; what their rows are made of stays, and their commitments.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), slots, event, who, data (JSON text)
--                responses [[number, revision, [commitment or "" of each slot]], ...]
-- Returns  {expired, event} | {moved, number} | {gone}
-- The commitments are kept from now on, since without the words nobody can work them out any more.
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
for _, one in ipairs(ask.responses) do
  local found = redis.call('HMGET', key('response', digits(one[1])), 'l', 'v', 'e')
  local keeps = (found[1] == 'live' or found[1] == 'withdrawn') and not found[3]
  if not keeps or tonumber(found[2]) ~= one[2] then return {'moved', one[1]} end
end

local now, cards_of = digits(now_ms()), {}
for _, one in ipairs(ask.responses) do
  local n = one[1]
  local response = key('response', digits(n))
  cards_of[digits(n)] = redis.call('HGET', response, 'q')
  if redis.call('HGET', response, 'l') == 'live' then
    redis.call('HSET', response, 'l', 'expired')
  else
    forget_held(response) -- with the live ones all that is held goes at once
  end
  redis.call('HSET', response, 'v', digits(one[2] + 1), 'e', now)
  redis.call('HDEL', response, 'z', 'o', 'y', 'f', '2')
  for slot = 1, ask.slots do
    local words = one[3][slot] or ''
    if words ~= '' then redis.call('HSET', response, 'j' .. slot, words) end
    redis.call('HDEL', response, 'w' .. slot, 'r' .. slot, 'k' .. slot)
    zero('vectors', n * ask.slots + slot - 1, 256 * ask.slots, 384)
  end
  redis.call('HDEL', key('parked'), 'tallies:' .. digits(n), 'coding:' .. digits(n))
end
let_pictures_go(cards_of)
return {'expired', append(ask.event, ask.who, 0, ask.data)}
