-- Sets down what became of a piece of paper that is not keyed, and moves its card where one came back with it.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), batch, piece, outcome ("unusable", "duplicate" or "set aside"), letter (of that
--                state), card (0 for none), why, event, who
-- Returns  {set, event} | {same, outcome} | {piece, outcome} | {card, letter or "unknown"} | {batch, state} | {gone}
-- What was set aside may be set down as something else later; a late repeat of its first setting down changes nothing.
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
local was = read_piece(ask.batch, ask.piece)
local asked = ask.outcome .. ' ' .. digits(ask.card) .. ' ' .. ask.why
if was and (was.f == asked or (was.o .. ' ' .. digits(was.c or 0) .. ' ' .. (was.y or '')) == asked) then
  return {'same', was.o}
end
local _, shut = open_returns(ask.batch, was)
if shut then return shut end
if was and was.o ~= 'set aside' then return {'piece', was.o} end

local card, letter = ask.card, ''
if card > 0 then letter = card_letter(card, was) end
local moves = COMES_BACK[letter]
if card > 0 and not moves then
  local counted = letter == 'k' or letter == 'u' or letter == 'd' or letter == 's'
  if ask.outcome ~= 'set aside' and not (ask.outcome == 'duplicate' and counted) then
    return {'card', letter == '' and 'unknown' or letter}
  end
  if letter == '' then card = 0 end
end

local data = {batch = ask.batch, piece = ask.piece, outcome = ask.outcome, why = ask.why, to = moves and ask.letter or nil}
local event = append(ask.event, ask.who, card, cjson.encode(data))
local piece = {o = ask.outcome, c = card, w = ask.who, t = now_ms(), y = ask.why, e = event, f = asked}
put_down(ask.batch, ask.piece, piece, was, moves and ask.letter or nil)
return {'set', event}
