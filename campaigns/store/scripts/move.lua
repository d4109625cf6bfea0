-- Moves the cards of a range from the states that allow it to another.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), first, last, from (letters), to (letter), event, who, data (JSON text)
-- Returns  {moved, how many, already there, refused card, ...} | {beyond, last card printed} | {gone}
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
local last = math.max(redis.call('STRLEN', key('cards')), 1) - 1
if ask.first < 1 or ask.last > last then return {'beyond', last} end
local bytes = redis.call('GETRANGE', key('cards'), ask.first, ask.last)
local becomes = {}
for letter in ask.from:gmatch('.') do becomes[letter], becomes[letter:upper()] = ask.to, ask.to:upper() end
local both = ask.from .. ask.from:upper()
local _, moved = bytes:gsub('[' .. both .. ']', '')
local _, already = bytes:gsub('[' .. ask.to .. ask.to:upper() .. ']', '')
local answer = {'moved', moved, already}
for at in bytes:gmatch('()[^' .. both .. ask.to .. ask.to:upper() .. ']') do answer[#answer + 1] = ask.first + at - 1 end
if moved > 0 then
  redis.call('SETRANGE', key('cards'), ask.first, (bytes:gsub('.', becomes)))
  append(ask.event, ask.who, ask.first, ask.data)
end
return answer
