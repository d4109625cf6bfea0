-- Names a file that came with a response, once, while the response is live; afterwards nobody would remove it.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), number (of the response), state (it must have), name, file, most (files of one response)
-- Returns  {kept} | {same} | {full} | {response, state or "missing"} | {gone}
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
local state = redis.call('HGET', key('response', digits(ask.number)), 'l') or 'missing'
if state ~= ask.state then return {'response', state} end
local field = 'letter:' .. digits(ask.number)
local files = cjson.decode(redis.call('HGET', key('images'), field) or '[]')
for _, one in ipairs(files) do
  if one.name == ask.name then return {'same'} end
end
if #files >= ask.most then return {'full'} end
files[#files + 1] = {name = ask.name, file = ask.file}
redis.call('HSET', key('images'), field, cjson.encode(files))
return {'kept'}
