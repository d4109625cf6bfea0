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

-- A number as digits: Lua writes large ones as 1e+15.
local function digits(n) return string.format('%.0f', n) end

-- Adds one event, whose link is made, to the log. No other code does.
local function put(number, line, link)
  redis.call('XADD', key('log'), digits(number) .. '-0', 'e', line, 'l', link)
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

-- Compares and bumps a response's revision, refusing unless its state is one that allows it
-- and, where a commitment is given, its slot still holds those words.
local function change(n, revision, states, commitment)
  local found = redis.call('HMGET', key('response', digits(n)), 'l', 'v')
  if not found[1] then return nil, {'missing'} end
  if not states[found[1]] then return nil, {'refused', found[1]} end
  if commitment and redis.call('HGET', key('response', digits(n)), 'k' .. commitment.slot) ~= commitment.words then
    return nil, {'words'}
  end
  if revision and tonumber(found[2]) ~= revision then return nil, {'conflict', found[2]} end
  local after = tonumber(found[2]) + 1
  redis.call('HSET', key('response', digits(n)), 'v', digits(after))
  return after, nil
end
