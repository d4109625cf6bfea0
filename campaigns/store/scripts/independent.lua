-- Keeps what has been said of one wish of the sample, or takes the last of it back, where its words and that are as they were read.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), number, slot, sha1 (of the words), who, bell_ms
--                before, after: the codings as they were read and as they will be ("" for none)
--                events [[full name, data (JSON text)], ...]
-- Returns  {kept, ring} | {moved} | {words} | {refused, state} | {missing} | {gone}
-- The response's revision stays: what counts of it has not changed.
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
local response, slot = key('response', digits(ask.number)), digits(ask.slot)
local state = redis.call('HGET', response, 'l')
if not state then return {'missing'} end
if state ~= 'live' then return {'refused', state} end
if not holds(response, slot, ask.sha1) then return {'words'} end
if (redis.call('HGET', response, 'i' .. slot) or '') ~= ask.before then return {'moved'} end

if ask.after == '' then redis.call('HDEL', response, 'i' .. slot) else redis.call('HSET', response, 'i' .. slot, ask.after) end
local place, left = digits(ask.number) .. '-' .. slot, {}
for who, till in (redis.call('HGET', key('turns'), place) or ''):gmatch('(%S+) (%d+)') do
  if who ~= ask.who then left[#left + 1] = who .. ' ' .. till end
end
if #left == 0 then redis.call('HDEL', key('turns'), place) else redis.call('HSET', key('turns'), place, table.concat(left, ' ')) end
for _, event in ipairs(ask.events) do append(event[1], ask.who, ask.number, event[2]) end
return {'kept', ring('tallies', ask.bell_ms)}
