-- Undoes a piece of paper: its response is withdrawn, its card is put back as it was, its events stay.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), batch, piece, states [a response's that allow it], withdrawn (the state it gets)
--                withdrawal, event (full names), who, bell_ms
-- Returns  {undone, event, ring} | {already, outcome} | {missing} | {batch, state} | {response, state} | {gone}
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
local piece = read_piece(ask.batch, ask.piece)
if not piece then return {'missing'} end
if piece.o == 'undone' then return {'already', piece.o} end
local _, shut = open_returns(ask.batch)
if shut then return shut end

local ring_it = 0
if piece.r then
  local states = {}
  for _, state in ipairs(ask.states) do states[state] = true end
  local _, problem = change(piece.r, nil, states)
  if problem then return {'response', problem[2] or problem[1]} end
  redis.call('HSET', key('response', digits(piece.r)), 'l', ask.withdrawn)
  redis.call('HDEL', key('response', digits(piece.r)), '2')
  append(ask.withdrawal, ask.who, piece.r, '{}')
  ring_it = ring('tallies', ask.bell_ms)
  if piece.c then forget_answer(piece.c, piece.r, 'k') end
end
put_back(ask.batch, piece)
local data = {batch = ask.batch, piece = ask.piece, outcome = piece.o, to = piece.b}
local event = append(ask.event, ask.who, piece.c or 0, cjson.encode(data))
piece.o, piece.b, piece.p = 'undone', nil, nil
redis.call('HSET', key('pieces', digits(ask.batch)), ask.piece, cjson.encode(piece))
return {'undone', event, ring_it}
