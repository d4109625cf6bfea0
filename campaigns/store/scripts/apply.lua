-- Writes rows and moves the tallies' cursor in one step, only if the cursor is still where it was read.
-- KEYS[1]  the campaign's head
-- ARGV     expected, cursor, row width, when the campaign was born, then for each run of rows: first response, bytes
--          (expected = cursor rewrites rows without moving it: a rebuild)
-- Returns  {applied} | {moved, cursor} | {gone}
if gone(ARGV[4]) then return {'gone'} end
local cursor = redis.call('GET', key('cursor', 'tallies')) or '0'
if cursor ~= ARGV[1] then return {'moved', cursor} end
local width = tonumber(ARGV[3])
for i = 5, #ARGV, 2 do
  local block, at = place(tonumber(ARGV[i]), 4096)
  redis.call('SETRANGE', key('rows', digits(block)), at * width, ARGV[i + 1])
  redis.call('HINCRBY', key('rows', 'versions'), digits(block), 1)
end
redis.call('SET', key('cursor', 'tallies'), ARGV[2])
redis.call('DEL', key('trying', 'tallies'))
return {'applied'}
