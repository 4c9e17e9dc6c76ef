-- Notes activity: moves the deadline of session and frames. The score in the expiry index stays, as a lower bound.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST  under the name the caller knows
-- ARGV[1] name of the list as the caller knows it
-- ARGV[2] format version this client writes
--
-- Returns {'touched', active, expires} | {'list', name it has} | {'missing'} | {'format', found} | {'damaged'}

local h = redis.call('HMGET', KEYS[1], 'format', 'list', 'life')
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'missing'}
end
if h[1] ~= ARGV[2] then
  return {'format', h[1] or ''}
end

local list = string.match(h[2] or '', '^(%S+) %d+ %d+$')
local deadline, ttl, max, born = string.match(h[3] or '', '^(%d+) %d+ (%d+) (%d+) (%d+)$')
if not (list and deadline) then
  return {'damaged'}
end
if list ~= ARGV[1] then
  return {'list', list}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local needed, slack = now + ttl, math.max(1, math.min(1000, math.floor(ttl / 64)))
deadline = tonumber(deadline)
if needed > deadline then
  deadline = needed + slack
  if max ~= '0' then
    deadline = math.min(deadline, born + max)
  end
end
deadline = string.format('%.0f', deadline)
-- The deadline comes first: a server at its memory limit allows it, and then also the rest. Sessions live on while it is full.
redis.call('PEXPIREAT', KEYS[1], deadline)
redis.call('PEXPIREAT', KEYS[2], deadline)
now = string.format('%.0f', now)
redis.call('HSET', KEYS[1], 'life', table.concat({deadline, now, ttl, max, born}, ' '))
return {'touched', now, deadline}
