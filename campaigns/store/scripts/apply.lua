-- Writes rows and moves the tallies' cursor in one step, only if the cursor is still where it was read.
-- KEYS[1]  the campaign's head
-- ARGV     expected, cursor, row width, the layout's mark, when the campaign was born, then for each run of rows: first
--          response, bytes (expected = cursor rewrites rows without moving it: a rebuild)
--          Rows of another layout, as an older or newer program wrote them, go, and all begins from the first event.
-- Returns  {applied} | {moved, cursor} | {gone}
if gone(ARGV[5]) then return {'gone'} end
if redis.call('GET', key('rows', 'layout')) ~= ARGV[4] then
  for _, block in ipairs(redis.call('HKEYS', key('rows', 'versions'))) do
    redis.call('DEL', key('rows', block))
    redis.call('HINCRBY', key('rows', 'versions'), block, 1)
  end
  redis.call('DEL', key('cursor', 'tallies'))
  redis.call('SET', key('rows', 'layout'), ARGV[4])
end
local cursor = redis.call('GET', key('cursor', 'tallies')) or '0'
if cursor ~= ARGV[1] then return {'moved', cursor} end
local width = tonumber(ARGV[3])
for i = 6, #ARGV, 2 do
  local block, at = place(tonumber(ARGV[i]), 4096)
  if redis.call('EXISTS', key('rows', digits(block))) == 0 then
    -- Whole from the first: a string that grows is given twice the room it needs, and keeps it.
    redis.call('SET', key('rows', digits(block)), string.rep('\0', 4096 * width))
  end
  redis.call('SETRANGE', key('rows', digits(block)), at * width, ARGV[i + 1])
  redis.call('HINCRBY', key('rows', 'versions'), digits(block), 1)
end
redis.call('SET', key('cursor', 'tallies'), ARGV[2])
redis.call('DEL', key('trying', 'tallies'))
return {'applied'}
