-- Changes one response: revises, withdraws, erases, places, codes by a person, moderates.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: number, revision (null: whichever it has), states [those that allow it]
--                words       null or {slot, sha1}: refused where the slot no longer holds those words
--                set {field: text}, drop [fields], answers null or hex
--                vectors     [slots whose vectors go]
--                erase       null or {row_width, answers_width, slots}
--                event, who, data (JSON text), bell_ms
-- Returns  {changed, revision, event, ring} | {conflict, revision} | {refused, state} | {missing} | {words}
local ask = cjson.decode(ARGV[1])
local null = cjson.null
local n = ask.number
local response = key('response', digits(n))

local states = {}
for _, state in ipairs(ask.states) do states[state] = true end
local expected, words = ask.revision, ask.words
if expected == null then expected = nil end
if words == null then words = nil end
local revision, problem = change(n, expected, states, words)
if problem then return problem end

for name, text in pairs(ask.set) do redis.call('HSET', response, name, text) end
for _, name in ipairs(ask.drop) do redis.call('HDEL', response, name) end
if ask.answers ~= null then keep_answers(n, ask.answers) end
for _, slot in ipairs(ask.vectors) do zero('vectors', n * ask.slots + slot - 1, 256 * ask.slots, 384) end

if ask.erase ~= null then
  forget_held(response)
  redis.call('SREM', key('letters'), digits(n))
  local kept = {l = 'erased', v = digits(revision), t = redis.call('HGET', response, 't')}
  let_pictures_go({[digits(n)] = redis.call('HGET', response, 'q')})
  redis.call('DEL', response)
  for name, text in pairs(kept) do redis.call('HSET', response, name, text) end
  if ask.erase.answers_width > 0 then zero('answers', n, 4096, ask.erase.answers_width) end
  zero('rows', n, 4096, ask.erase.row_width)
  local block = place(n, 4096)
  redis.call('HINCRBY', key('rows', 'versions'), digits(block), 1)
  redis.call('HDEL', key('parked'), 'tallies:' .. digits(n), 'coding:' .. digits(n))
end

local event = append(ask.event, ask.who, n, ask.data)
return {'changed', revision, event, ring('tallies', ask.bell_ms)}
