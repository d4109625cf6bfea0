-- Keeps one step of keying a response a second time: the second keying, or what a third person settled.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), number, revision, states [a response's that allow it]
--                before, record: what is kept of it without its words, as it was read ("" for nothing) and as it will be
--                set {field: text}, drop [fields], answers null or hex, vectors [slots whose vectors go], slots
--                events [[full name, data (JSON text)], ...], who, bell_ms
-- Returns  {kept, revision, ring} | {moved} | {conflict, revision} | {refused, state} | {missing} | {gone}
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
local number = digits(ask.number)
if (redis.call('HGET', key('second'), number) or '') ~= ask.before then return {'moved'} end
local states = {}
for _, state in ipairs(ask.states) do states[state] = true end
local revision, problem = change(ask.number, ask.revision, states)
if problem then return problem end

local response = key('response', number)
for name, text in pairs(ask.set) do redis.call('HSET', response, name, text) end
for _, name in ipairs(ask.drop) do redis.call('HDEL', response, name) end
if ask.answers ~= cjson.null then keep_answers(ask.number, ask.answers) end
for _, slot in ipairs(ask.vectors) do zero('vectors', ask.number * ask.slots + slot - 1, 256 * ask.slots, 384) end
redis.call('HSET', key('second'), number, ask.record)
for _, event in ipairs(ask.events) do append(event[1], ask.who, ask.number, event[2]) end
return {'kept', revision, ring('tallies', ask.bell_ms)}
