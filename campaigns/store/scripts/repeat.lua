-- Keeps what a person decided of a card's keyed response and an online one that say the same.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), card, keyed, online (responses), same
--                batch, piece (0 and "" for none), letter (of a duplicate), outcome, why
--                states [those that allow it], withdrawn (the state the keyed one gets), who, data (JSON text), bell_ms
--                event, withdrawal, noted (full names)
-- Returns  {decided, ring} | {already, what} | {gone, state} | {gone}
-- The same person: the keyed response is withdrawn, its piece of paper and its card are duplicates, even in a closed batch,
-- whose pieces still add up.
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone', 'campaign'} end
if resting() then return {'paused'} end
local pair = digits(ask.keyed) .. ':' .. digits(ask.online)
local known = redis.call('HGET', key('repeats'), pair)
if known then return {'already', known} end
local states = {}
for _, state in ipairs(ask.states) do states[state] = true end
local online = redis.call('HGET', key('response', digits(ask.online)), 'l') or 'missing'
local keyed = redis.call('HGET', key('response', digits(ask.keyed)), 'l') or 'missing'
if not states[online] then return {'gone', online} end
if not states[keyed] then return {'gone', keyed} end

redis.call('HSET', key('repeats'), pair, ask.same and 'same' or 'different')
append(ask.event, ask.who, ask.keyed, ask.data)
if not ask.same then return {'decided', 0} end
change(ask.keyed, nil, states)
redis.call('HSET', key('response', digits(ask.keyed)), 'l', ask.withdrawn)
redis.call('HDEL', key('response', digits(ask.keyed)), '2')
append(ask.withdrawal, ask.who, ask.keyed, '{}')
forget_answer(ask.card, ask.keyed, 'k')
local was = ask.piece ~= '' and read_piece(ask.batch, ask.piece)
if was and was.r == ask.keyed then
  local noted = {batch = ask.batch, piece = ask.piece, outcome = ask.outcome, why = ask.why, to = ask.letter}
  local event = append(ask.noted, ask.who, ask.card, cjson.encode(noted))
  local piece = {o = ask.outcome, c = ask.card, w = was.w, t = was.t, y = ask.why, e = event}
  put_down(ask.batch, ask.piece, piece, was, ask.letter)
else
  set_card(ask.card, ask.letter, 0)
end
return {'decided', ring('tallies', ask.bell_ms)}
