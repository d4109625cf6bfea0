-- Writes a batch of the machine's codings and vectors, and moves the coding cursor, in one step.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: expected, cursor (event numbers), born (of the campaign), slots, event, who, data (JSON text),
--                codings [[response, slot, SHA-1 of its words, coding], ...]
--                (expected and cursor null: coding again, which leaves the cursor where it is)
--                frame: the adopted version of the frame that the codings are of; none, or "", for the first
-- ARGV[2]  the vectors, 384 bytes for each coding, in that order; none where they are kept already
-- Returns  {coded, how many, ring} | {moved, cursor} | {gone} | {stale}: another frame was adopted meanwhile
-- A coding is left out where the words are no longer those that were coded (an erasure or a
-- revision came between), so nothing erased comes back.
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if (redis.call('HGET', key('state'), 'frame') or '') ~= (ask.frame or '') then return {'stale'} end
local again = ask.expected == cjson.null
local cursor = tonumber(redis.call('GET', key('cursor', 'coding')) or '0')
if not again and cursor ~= ask.expected then return {'moved', cursor} end

local written = 0
for i, c in ipairs(ask.codings) do
  local response = key('response', digits(c[1]))
  if holds(response, c[2], c[3]) then
    redis.call('HSET', response, 'm' .. c[2], c[4])
    if #ARGV[2] > 0 then
      local b, p = place(c[1] * ask.slots + c[2] - 1, 256 * ask.slots)
      redis.call('SETRANGE', key('vectors', digits(b)), p * 384, string.sub(ARGV[2], (i - 1) * 384 + 1, i * 384))
    end
    written = written + 1
  end
end
local rung = 0
if written > 0 then
  append(ask.event, ask.who, 0, ask.data)
  rung = ring('tallies', ask.bell_ms)
end
if not again then
  redis.call('SET', key('cursor', 'coding'), digits(ask.cursor))
  redis.call('DEL', key('trying', 'coding'))
end
return {'coded', written, rung}
