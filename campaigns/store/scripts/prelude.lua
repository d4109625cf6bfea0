-- Shared by every script. KEYS[1] is always the campaign's head; the other keys are built
-- from its hash tag, which keeps them all in one slot.
local TAG = string.match(KEYS[1], '^{[^}]+}')

local function key(name, a, b)
  local made = TAG .. ':' .. name
  if a then made = made .. ':' .. a end
  if b then made = made .. ':' .. b end
  return made
end

local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- Whether the campaign a worker read was removed since, even if another of its name has come.
local function gone(born) return redis.call('HGET', key('state'), 'born') ~= born end

-- Whether nothing is taken in for a while, since a restore would take it away again: the script then answers {paused}.
local function resting() return redis.call('HGET', key('state'), 'state') == 'paused' end

-- A number as digits: Lua writes large ones as 1e+15.
local function digits(n) return string.format('%.0f', n) end

-- A SHA-1 in 20 bytes instead of 40 letters.
local function packed(hex)
  local parts = {}
  for i = 1, 5 do parts[i] = tonumber(string.sub(hex, 8 * i - 7, 8 * i), 16) end
  return struct.pack('>I4I4I4I4I4', unpack(parts))
end

-- Adds one event, whose link is made, to the log. No other code does.
local function put(number, line, link)
  redis.call('XADD', key('log'), digits(number) .. '-0', 'e', line, 'l', packed(link))
  redis.call('HSET', KEYS[1], 'event', digits(number), 'link', link)
end

-- Links one event to the one before and adds it to the log.
local function append(name, who, subject, data, at)
  local head = redis.call('HMGET', KEYS[1], 'event', 'link')
  local number = (tonumber(head[1]) or 0) + 1
  local line = table.concat({digits(number), name, digits(at or now_ms()), who, digits(subject), data}, ' ')
  local link = redis.sha1hex((head[2] or '') .. line)
  put(number, line, link)
  return number
end

-- Where response n lies: its block and its place in it.
local function place(n, block) return math.floor(n / block), n % block end

local function zero(name, n, block, width)
  local b, i = place(n, block)
  if redis.call('EXISTS', key(name, digits(b))) == 1 then
    redis.call('SETRANGE', key(name, digits(b)), i * width, string.rep('\0', width))
  end
end

local function from_hex(hex)
  return (hex:gsub('..', function(pair) return string.char(tonumber(pair, 16)) end))
end

local function keep_answers(n, hex)
  local bytes = from_hex(hex)
  local b, i = place(n, 4096)
  redis.call('SETRANGE', key('answers', digits(b)), i * #bytes, bytes)
end

-- Marks a tally as having work to do. True if the caller should queue a job.
local function ring(consumer, ms)
  return redis.call('SET', key('bell', consumer), '1', 'NX', 'PX', ms) and 1 or 0
end

-- Whether a slot still holds the words that have this SHA-1: not once they were revised, erased or let go.
local function holds(response, slot, sha1)
  local words = redis.call('HGET', response, 'w' .. slot)
  return words and redis.sha1hex(words) == sha1
end

-- Compares and bumps a response's revision, refusing unless its state is one that allows it
-- and, where a slot's words are given, it still holds them.
local function change(n, revision, states, words)
  local found = redis.call('HMGET', key('response', digits(n)), 'l', 'v')
  if not found[1] then return nil, {'missing'} end
  if not states[found[1]] then return nil, {'refused', found[1]} end
  if words and not holds(key('response', digits(n)), words.slot, words.sha1) then return nil, {'words'} end
  if revision and tonumber(found[2]) ~= revision then return nil, {'conflict', found[2]} end
  local after = tonumber(found[2]) + 1
  redis.call('HSET', key('response', digits(n)), 'v', digits(after))
  return after, nil
end

-- What follows is for paper. A card's byte is the letter of its state; upper case means answered online as well.
local COMES_BACK = {o = true, w = true, n = true}

-- The batch of returns of that number where it is open, or where a piece lies set aside in it; else nil, and what to answer.
local function open_returns(number, piece)
  local kept = redis.call('HGET', key('returns'), digits(number))
  if not kept then return nil, {'batch', 'missing'} end
  local batch = cjson.decode(kept)
  local lying = piece and piece.o == 'set aside' -- may be settled after the batch is closed: its count stays
  if batch.state ~= 'open' and not lying then return nil, {'batch', batch.state} end
  return batch
end

-- One piece of paper as it was left: o outcome, c card, r response, w who, t ms, y why, m marks, e event; where it moved
-- its card, b the card's letter before and p the batch it had come back in before; f as what it was first set down.
local function read_piece(batch, id)
  local kept = redis.call('HGET', key('pieces', digits(batch)), id)
  return kept and cjson.decode(kept) or nil
end

-- A card's letter, as it would be had the piece not been there; empty where no such card was printed.
local function card_letter(card, piece)
  if piece and piece.b and piece.c == card then return piece.b end
  local byte = redis.call('GETRANGE', key('cards'), card, card)
  return byte == '\0' and '' or byte:lower()
end

-- Gives a card a state and the batch it came back in, keeping its mark; returns the batch it had come back in before.
local function set_card(card, letter, batch)
  local byte = redis.call('GETRANGE', key('cards'), card, card)
  redis.call('SETRANGE', key('cards'), card, byte == byte:lower() and letter or letter:upper())
  local before = redis.call('GETRANGE', key('returned'), card * 4, card * 4 + 3)
  redis.call('SETRANGE', key('returned'), card * 4, struct.pack('<I4', batch))
  return #before == 4 and struct.unpack('<I4', before) or 0
end

-- Takes a piece out of its batch's counts and puts the card it moved back as it was.
local function put_back(batch, piece)
  redis.call('HINCRBY', key('returns'), digits(batch) .. ':' .. piece.o .. ':' .. (piece.y or ''), -1)
  if piece.b then set_card(piece.c, piece.b, piece.p or 0) end
end

-- Counts a piece in its batch, in place of what it was, and moves its card where a letter to move to is given.
local function put_down(batch, id, piece, was, to)
  local letter = to and card_letter(piece.c, was)
  if was then
    put_back(batch, was)
    piece.f = was.f
  end
  if to then piece.b, piece.p = letter, set_card(piece.c, to, batch) end
  redis.call('HINCRBY', key('returns'), digits(batch) .. ':' .. piece.o .. ':' .. (piece.y or ''), 1)
  redis.call('HSET', key('pieces', digits(batch)), id, cjson.encode(piece))
end

-- Notes which responses a card brought: o online, k keyed.
local function note_answer(card, number, kind)
  local so_far = redis.call('HGET', key('answered'), digits(card))
  redis.call('HSET', key('answered'), digits(card), (so_far and so_far .. ',' or '') .. digits(number) .. kind)
end

local function forget_answer(card, number, kind)
  local gone_by, kept = digits(number) .. kind, {}
  for one in (redis.call('HGET', key('answered'), digits(card)) or ''):gmatch('[^,]+') do
    if one ~= gone_by then kept[#kept + 1] = one end
  end
  if #kept == 0 then
    redis.call('HDEL', key('answered'), digits(card))
  else
    redis.call('HSET', key('answered'), digits(card), table.concat(kept, ','))
  end
end

-- Lets go of what shows some responses ({number = card or false}, both as digits): letters, the pictures of their cards, those
-- of the pages that these lie on, and of further papers of the same cards. The files are removed by whoever asked.
local function let_pictures_go(cards_of)
  local images, cards = key('images'), {}
  if redis.call('EXISTS', images) == 0 then return end
  for n, card in pairs(cards_of) do
    redis.call('HDEL', images, 'letter:' .. n)
    local shown = card and redis.call('HGET', images, card)
    if card then cards[card] = true end
    if shown then redis.call('HDEL', images, card, 'page:' .. string.match(shown, ' (.*)$')) end
  end
  if not next(cards) then return end
  local unread = redis.call('HGETALL', key('unread'))
  for i = 1, #unread, 2 do
    if cards[digits(cjson.decode(unread[i + 1])[2])] then redis.call('HDEL', images, 'item:' .. unread[i]) end
  end
end

-- Drops what was typed of something that is held for a person; the rest of it stays.
local function drop_typed(name, id, held)
  if held.typed then
    held.typed = nil
    redis.call('HSET', key(name), id, cjson.encode(held))
  end
end

-- Drops what was typed with a worry, and what was noted of it; who, when and where it stood stay.
local function forget_worry(id, held)
  held.typed = nil
  for _, note in ipairs(held.about.notes or {}) do note[4] = '' end
  if held.settled then held.settled.note = '' end
  redis.call('HSET', key('worries'), id, cjson.encode(held))
end

-- Drops what is held of the words of a response that is erased, or whose time is up: what was typed and noted with a worry
-- about it, its piece or its card, and what lies in the tray of its piece.
local function forget_held(response)
  local came, number = redis.call('HMGET', response, 'p', 'q'), tonumber(string.match(response, '%d+$'))
  local worries = redis.call('HGETALL', key('worries'))
  for i = 1, #worries, 2 do
    local one = cjson.decode(worries[i + 1])
    local of_card = one.about.card > 0 and digits(one.about.card) == came[2]
    if worries[i] == came[1] or one.about.response == number or of_card then forget_worry(worries[i], one) end
  end
  local lying = came[1] and redis.call('HGET', key('tray'), came[1])
  if lying then drop_typed('tray', came[1], cjson.decode(lying)) end
end
