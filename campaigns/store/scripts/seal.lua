-- Seals the log up to an event: keeps the SHA-256 of every line since the last seal, and of that seal.
-- KEYS[1]  the campaign's head
-- ARGV     previous seal's last event ('0' for none), last event sealed, the seal, event name, who, data (JSON text),
--          when the campaign was born
-- Returns  {sealed, event} | {moved, last event sealed} | {gone}
if gone(ARGV[7]) then return {'gone'} end
local sealed = redis.call('HGET', KEYS[1], 'sealed') or '0'
if sealed ~= ARGV[1] then return {'moved', sealed} end
redis.call('HSET', KEYS[1], 'sealed', ARGV[2], 'seal', ARGV[3])
return {'sealed', append(ARGV[4], ARGV[5], 0, ARGV[6])}
