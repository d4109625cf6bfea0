-- Numbers a batch of cards and puts them out.
-- KEYS[1]  the campaign's head
-- ARGV     how many, event name, who, ward
-- Returns  {printed, first, last, event}
local count = tonumber(ARGV[1])
local first = math.max(redis.call('STRLEN', key('cards')), 1)
local last = first + count - 1
redis.call('SETRANGE', key('cards'), first, string.rep('o', count))
local batch = digits(redis.call('HLEN', key('batches')) + 1)
redis.call('HSET', key('batches'), batch, cjson.encode({first = first, last = last, ward = ARGV[4]}))
local data = cjson.encode({first = first, last = last, ward = ARGV[4], batch = batch})
return {'printed', first, last, append(ARGV[2], ARGV[3], 0, data)}
