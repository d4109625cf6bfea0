-- Puts events back as a backup holds them, each only where it follows the last one that is there.
-- KEYS[1]  the campaign's head
-- ARGV     for each event: its line, its link
-- Returns  {restored, last event} | {misfit, number}
local head = redis.call('HMGET', KEYS[1], 'event', 'link')
local last, link = tonumber(head[1]) or 0, head[2] or ''
for i = 1, #ARGV, 2 do
  local number = tonumber(string.match(ARGV[i], '^%d+'))
  if number ~= last + 1 or redis.sha1hex(link .. ARGV[i]) ~= ARGV[i + 1] then return {'misfit', last + 1} end
  last, link = number, ARGV[i + 1]
  put(last, ARGV[i], link)
end
return {'restored', last}
