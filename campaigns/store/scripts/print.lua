-- Numbers a batch of cards and puts them out, or holds them; once for each key.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), count, letter ("o" or "h"), key ("" for none), batch {ward, ...}, event, who
-- Returns  {printed, batch} | {same, batch} | {gone}
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
if ask.key ~= '' then
  local known = redis.call('HGET', key('accepted', 'paper'), 'print:' .. ask.key)
  if known then return {'same', known} end
end
local first = math.max(redis.call('STRLEN', key('cards')), 1)
redis.call('SETRANGE', key('cards'), first, string.rep(ask.letter, ask.count))
local number = digits(redis.call('HLEN', key('batches')) + 1)
local batch = ask.batch
batch.first, batch.last = first, first + ask.count - 1
local data = {batch = number, held = ask.letter == 'h' or nil}
for name, value in pairs(batch) do
  if name == 'ward' or (value ~= '' and value ~= 0) then data[name] = value end
end
batch.printed_ms = now_ms()
redis.call('HSET', key('batches'), number, cjson.encode(batch))
if ask.key ~= '' then redis.call('HSET', key('accepted', 'paper'), 'print:' .. ask.key, number) end
append(ask.event, ask.who, 0, cjson.encode(data))
return {'printed', number}
