-- Replaces what the application owns of a session, if it still has the version and generation it was read at.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST
-- KEYS[3] expiry   ZSET  id -> a lower bound of its deadline, in ms
-- ARGV[1] id
-- ARGV[2] format version this client writes
-- ARGV[3] generation
-- ARGV[4] version it was read at
-- ARGV[5] operation: 8 random bytes, the same when the call is repeated because its reply was lost
-- ARGV[6] time to live, ms
-- ARGV[7] greatest lifetime, ms; 0 for none
-- ARGV[8...] field, value, ...; an empty value removes the field
--
-- Returns {'updated', active, expires, created, frames, first, ver} | {'repeated'} | {'conflict'} | {'missing'} | {'format', found} | {'damaged'}

local h = redis.call('HMGET', KEYS[1],
  'format', 'gen', 'ver', 'ops', 'ttl', 'max', 'born', 'active', 'expires', 'created', 'frames', 'first', 'bytes')
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'missing'}
end
if h[1] ~= ARGV[2] then
  return {'format', h[1] or ''}
end

if h[2] ~= ARGV[3] or h[3] ~= ARGV[4] then
  -- The newest operations are remembered: ours among them is a repetition, not a conflict.
  if h[2] == ARGV[3] and h[4] and string.find(h[4], ARGV[5], 1, true) then
    return {'repeated'}
  end
  return {'conflict'}
end

-- What the store owns is left as it is, and so has to be readable.
for i = 5, 13 do
  if not tonumber(h[i]) then
    return {'damaged'}
  end
end

-- A changed lifetime counts at once, from the last activity and the creation; an update is no activity itself.
local expires = h[9]
if h[6] ~= ARGV[7] or h[5] ~= ARGV[6] then
  local deadline = h[8] + ARGV[6] + math.max(1, math.min(1000, math.floor(ARGV[6] / 64)))
  if ARGV[7] ~= '0' then
    deadline = math.min(deadline, h[7] + ARGV[7])
  end
  expires = string.format('%.0f', deadline)
  -- A key of another type has to be found before the first write: a script does not roll back.
  redis.call('ZCARD', KEYS[3])
end

local removed = {}
local written = {'ver', h[3] + 1, 'ops', ARGV[5] .. string.sub(h[4] or '', 1, 56), 'ttl', ARGV[6], 'max', ARGV[7], 'expires', expires}
for i = 8, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    removed[#removed + 1] = ARGV[i]
  else
    written[#written + 1] = ARGV[i]
    written[#written + 1] = ARGV[i + 1]
  end
end
redis.call('HSET', KEYS[1], unpack(written))
if #removed > 0 then
  redis.call('HDEL', KEYS[1], unpack(removed))
end
if expires ~= h[9] then
  redis.call('ZADD', KEYS[3], 'XX', expires, ARGV[1])
  redis.call('PEXPIREAT', KEYS[1], expires)
  redis.call('PEXPIREAT', KEYS[2], expires)
end
return {'updated', h[8], expires, h[10], h[11], h[12], h[3] + 1}
