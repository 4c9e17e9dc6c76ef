-- Looks at overdue entries: forgets those whose session is gone, corrects the deadline of those that live.
--
-- KEYS[1] active  SET
-- KEYS[2] expiry  ZSET  id -> a lower bound of its deadline, in ms
-- KEYS[3] index   ZSET
-- KEYS[4] writers HASH  goes where no session is left to write to; who has been silent for an hour goes where there are many
-- KEYS[5...] session HASH for each id
-- ARGV    the ids
--
-- Returns the ids that this call, and no other, took out of the index.

redis.call('SCARD', KEYS[1])
redis.call('ZCARD', KEYS[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local reaped = {}
for i, id in ipairs(ARGV) do
  local left = redis.call('PTTL', KEYS[i + 4])
  if left == -2 then
    redis.call('SREM', KEYS[1], id)
    redis.call('ZREM', KEYS[3], id)
    if redis.call('ZREM', KEYS[2], id) == 1 then
      reaped[#reaped + 1] = id
    end
  else
    if left == -1 then
      -- Somebody took the expiry off. It gets one again, or the session would stay for ever.
      left = 60000
      redis.call('PEXPIRE', KEYS[i + 4], left)
    end
    redis.call('ZADD', KEYS[2], 'XX', string.format('%.0f', now + left), id)
  end
end
if redis.call('ZCARD', KEYS[2]) == 0 then
  redis.call('UNLINK', KEYS[4])
elseif redis.call('HLEN', KEYS[4]) > 64 then
  -- Writers come and go with processes; the key's own time to live does not help while others write.
  local writers = redis.call('HGETALL', KEYS[4])
  for i = 1, #writers, 2 do
    local last = tonumber(string.match(writers[i + 1], '@(%d+)$') or 0)
    if last < now - 3600000 then
      redis.call('HDEL', KEYS[4], writers[i])
    end
  end
end
return reaped
