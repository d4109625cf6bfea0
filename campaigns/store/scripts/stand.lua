-- Keeps the standing tallies, unless newer ones stand already.
-- KEYS[1]  the campaign's head
-- ARGV     event they are as of, JSON, when the campaign was born
-- Returns  {kept} | {older} | {gone}
if gone(ARGV[3]) then return {'gone'} end
local standing = tonumber(redis.call('HGET', key('tallies', 'standing'), 'event') or '-1')
if tonumber(ARGV[1]) < standing then return {'older'} end
redis.call('HSET', key('tallies', 'standing'), 'event', ARGV[1], 'at', digits(now_ms()), 'tables', ARGV[2])
return {'kept'}
