-- Makes one response real, or says why not, in one step.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: fields    {name: text} of the response's hash
--                words     [commitment or ""] one a slot
--                postcode  "" or one to find the area of, for field a
--                channel, source, who
--                event     its full name
--                window    "public", "cards" or "none"
--                idem      null or {days: [today, ...earlier], key, body, seconds}
--                limits    [[name, most, seconds], ...]
--                card      null or {number, mark: "keyed" or "online"}
--                piece     null or {batch, id, sampled, first}: of a batch of returns; the first so many of a keyer,
--                          and those sampled, are to be keyed a second time
--                import    null or {file, row}
--                answers   null or hex of the special-category answers
--                bell_ms
--                born, definition: the campaign as the sender's process read it
-- Returns  {accepted, number, ms, event, ring} | {same, number, ms} | {conflict, number, ms}
--          | {closed, state} | {early} | {late} | {limited, seconds} | {card, state} | {done}
--          | {batch, state} | {piece, outcome}
local ask = cjson.decode(ARGV[1])
local idem, card, import, piece = ask.idem, ask.card, ask.import, ask.piece
local null = cjson.null
local now = now_ms()

if idem ~= null then
  for _, day in ipairs(idem.days) do
    local seen = redis.call('HGET', key('accepted', day), idem.key)
    if seen then
      local number, ms, body = string.match(seen, '^(%d+) (%d+) (.*)$')
      return {body == idem.body and 'same' or 'conflict', tonumber(number), tonumber(ms)}
    end
  end
end
if import ~= null and redis.call('SISMEMBER', key('import', import.file), import.row) == 1 then return {'done'} end

local state = redis.call('HMGET', key('state'), 'state', 'starts', 'ends', 'cards_end', 'born', 'definition', 'cards_until')
if state[1] and (state[5] ~= ask.born or state[6] ~= ask.definition) then return {'closed', 'anew'} end
if state[1] ~= 'open' then return {'closed', state[1] or 'none'} end
local batch, was
if piece ~= null then
  local shut
  was = read_piece(piece.batch, piece.id)
  batch, shut = open_returns(piece.batch, was)
  if shut then return shut end
  if was and was.o ~= 'set aside' then return {'piece', was.o} end
end
if ask.window ~= 'none' then
  if now < tonumber(state[2]) then return {'early'} end
  local late = now >= tonumber(ask.window == 'cards' and state[4] or state[3])
  -- Paper is in time by the day it came back, however long it then waited to be keyed.
  if batch then late = batch.day > state[7] end
  if late then return {'late'} end
end
if batch and not ask.fields.d then ask.fields.d = batch.day end

for _, limit in ipairs(ask.limits) do
  if tonumber(redis.call('GET', key('limit', limit[1])) or '0') >= limit[2] then
    return {'limited', redis.call('TTL', key('limit', limit[1]))}
  end
end

if card ~= null then
  local letter = card_letter(card.number, was)
  if letter == '' then return {'card', 'unknown'} end
  if card.mark == 'keyed' and not COMES_BACK[letter] then return {'card', letter} end
end

for _, limit in ipairs(ask.limits) do
  if redis.call('INCR', key('limit', limit[1])) == 1 then redis.call('EXPIRE', key('limit', limit[1]), limit[3]) end
end
local found = ask.postcode ~= '' and redis.call('HGET', key('areas'), ask.postcode)
if found then
  local area, told = string.match(found, '^([^|]*)|?(.*)$')
  ask.fields.a = area
  if told ~= '' then ask.fields.u = told end
end
local number = redis.call('HINCRBY', KEYS[1], 'responses', 1)
local fields = {'t', digits(now), 'l', 'live', 'v', '1'}
for name, text in pairs(ask.fields) do
  fields[#fields + 1] = name
  fields[#fields + 1] = text
end
redis.call('HSET', key('response', digits(number)), unpack(fields))
if piece ~= null then redis.call('HSET', key('response', digits(number)), 'p', piece.id) end
if ask.fields.y then redis.call('SADD', key('letters'), digits(number)) end
if ask.answers ~= null then keep_answers(number, ask.answers) end
if card ~= null then
  note_answer(card.number, number, card.mark == 'keyed' and 'k' or 'o')
  if card.mark == 'online' then
    local byte = redis.call('GETRANGE', key('cards'), card.number, card.number)
    redis.call('SETRANGE', key('cards'), card.number, byte:upper())
  elseif piece == null then
    set_card(card.number, 'k', 0)
  end
end

local data = {channel = ask.channel, words = ask.words}
if ask.source ~= '' then data.source = ask.source end
if card ~= null then data.card = card.number end
if piece ~= null then data.batch, data.piece = piece.batch, piece.id end
if import ~= null then
  data.import = import.file .. ':' .. import.row
  redis.call('SADD', key('import', import.file), import.row)
end
local event = append(ask.event, ask.who, number, cjson.encode(data), now)
if piece ~= null then
  local keyed = redis.call('HINCRBY', key('keyers'), ask.who, 1)
  local again = piece.sampled or batch.double == 'all' or keyed <= piece.first
  local put = {r = number, w = ask.who, t = now, e = event, m = again and '2' or nil}
  put.o, put.c = card ~= null and 'keyed' or 'unnumbered', card ~= null and card.number or nil
  put_down(piece.batch, piece.id, put, was, card ~= null and 'k' or nil)
end
if idem ~= null then
  local today = key('accepted', idem.days[1])
  redis.call('HSET', today, idem.key, digits(number) .. ' ' .. digits(now) .. ' ' .. idem.body)
  if idem.seconds > 0 then redis.call('EXPIRE', today, idem.seconds, 'NX') end
end
return {'accepted', number, now, event, ring('tallies', ask.bell_ms)}
