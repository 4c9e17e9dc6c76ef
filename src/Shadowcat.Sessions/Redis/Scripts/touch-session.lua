-- Notes activity: moves the deadline of session and frames. The score in the expiry index stays, as a lower bound.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST
-- ARGV[1] format version this client writes
--
-- Returns {'touched'} | {'missing'} | {'format', found}

local h = redis.call('HMGET', KEYS[1], 'format', 'ttl', 'max', 'born', 'expires')
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'missing'}
end
if h[1] ~= ARGV[1] then
  return {'format', h[1] or ''}
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local needed, slack = now + h[2], math.max(1, math.min(1000, math.floor(h[2] / 64)))
local deadline = tonumber(h[5])
if needed > deadline or needed + slack < deadline then
  deadline = needed + slack
  if h[3] ~= '0' then
    deadline = math.min(deadline, h[4] + h[3])
  end
end
deadline = string.format('%.0f', deadline)
-- The deadline comes first: a server at its memory limit allows it, and then also the rest. Sessions live on while it is full.
redis.call('PEXPIREAT', KEYS[1], deadline)
redis.call('PEXPIREAT', KEYS[2], deadline)
redis.call('HSET', KEYS[1], 'active', string.format('%.0f', now), 'expires', deadline)
return {'touched'}
