-- Keeps the standing tallies, unless newer ones stand already. The last ones of an earlier day are put by first.
-- KEYS[1]  the campaign's head
-- ARGV     event they are as of, JSON, when the campaign was born, the local day as 2010-07-12
-- Returns  {kept} | {older} | {gone}
if gone(ARGV[3]) then return {'gone'} end
local standing = tonumber(redis.call('HGET', key('tallies', 'standing'), 'event') or '-1')
if tonumber(ARGV[1]) < standing then return {'older'} end
local day = redis.call('HGET', key('tallies', 'standing'), 'day')
if day and day < ARGV[4] then redis.call('RENAME', key('tallies', 'standing'), key('tallies', 'yesterday')) end
redis.call('HSET', key('tallies', 'standing'), 'event', ARGV[1], 'at', digits(now_ms()), 'day', ARGV[4], 'tables', ARGV[2])
return {'kept'}
