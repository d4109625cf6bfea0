-- Closes a batch of returns whose pieces add up to its count, or for a reason; or gives it another count.
-- KEYS[1]  the campaign's head
-- ARGV[1]  JSON: born (of the campaign), number, counted (null: close), why, event, who
-- Returns  {closed, short} | {recounted, short} | {short, short} | {already, 0} | {missing, 0} | {gone}
local ask = cjson.decode(ARGV[1])
if gone(ask.born) then return {'gone'} end
if resting() then return {'paused'} end
local batch, shut = open_returns(ask.number)
if shut then return {shut[2] == 'missing' and 'missing' or 'already', 0} end

local data = {batch = ask.number, why = ask.why ~= '' and ask.why or nil}
if ask.counted ~= cjson.null then
  batch.counted, data.count = ask.counted, ask.counted
end
local accounted = 0
for _, piece in ipairs(redis.call('HVALS', key('pieces', digits(ask.number)))) do
  local outcome = cjson.decode(piece).o
  if outcome ~= 'undone' then
    accounted = accounted + 1
    data[outcome] = (data[outcome] or 0) + 1
  end
end
local short = batch.counted - accounted
if ask.counted == cjson.null then
  if short ~= 0 and ask.why == '' then return {'short', short} end
  batch.state, batch.why, data.count = 'closed', ask.why, batch.counted
end
redis.call('HSET', key('returns'), digits(ask.number), cjson.encode(batch))
append(ask.event, ask.who, 0, cjson.encode(data))
return {ask.counted == cjson.null and 'closed' or 'recounted', short}
