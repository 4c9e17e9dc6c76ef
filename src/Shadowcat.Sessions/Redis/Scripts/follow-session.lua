-- Notes that somebody follows a session, so that whoever appends to it publishes that there is more. Where nobody did, the list gets another name:
-- who pushes to it under the old one finds no list, asks the script that appends, and learns of the follower.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST  under the name the caller knows
-- KEYS[3] frames   LIST  under a name never used
-- ARGV[1] name of the list as the caller knows it
-- ARGV[2] the name never used
-- ARGV[3] format version this client writes
-- ARGV[4] for how long the note holds, ms
--
-- Returns {'followed'} | {'list', name it has} | {'missing'} also where it is no session of this format

local h = redis.call('HMGET', KEYS[1], 'format', 'list', 'followed')
local list, places = string.match(h[2] or '', '^(%S+)( %d+ %d+)$')
if h[1] ~= ARGV[3] or not list then
  return {'missing'}
end
if list ~= ARGV[1] then
  return {'list', list}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local followed = tonumber(h[3] or '') or 0
local untilText = string.format('%.0f', math.max(followed, now + ARGV[4]))
if followed > now then
  redis.call('HSET', KEYS[1], 'followed', untilText)
  return {'followed'}
end

-- What a server may refuse comes first: then nothing was done.
local exists = redis.call('EXISTS', KEYS[2]) == 1
redis.call('HSET', KEYS[1], 'followed', untilText, 'list', ARGV[2] .. places)
if exists then
  redis.call('RENAME', KEYS[2], KEYS[3])
end
return {'followed'}
