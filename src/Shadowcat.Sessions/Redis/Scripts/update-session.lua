-- Replaces what the application owns of a session, if it still has the version and generation it was read at.
--
-- KEYS[1] session  HASH
-- KEYS[2] expiry   ZSET  id -> a lower bound of its deadline, in ms
-- ARGV[1] id
-- ARGV[2] format version this client writes
-- ARGV[3] generation
-- ARGV[4] version it was read at
-- ARGV[5] operation: 8 random bytes, the same when the call is repeated because its reply was lost
-- ARGV[6] time to live, ms
-- ARGV[7] greatest lifetime, ms; 0 for none
-- ARGV[8...] field, value, ...; an empty value removes the field
--
-- Returns {'updated', HGETALL} | {'conflict', HGETALL} | {'missing'} | {'format', found} | {'damaged'}

local h = redis.call('HMGET', KEYS[1], 'format', 'gen', 'ver', 'ops', 'ttl', 'max', 'born',
  'created', 'active', 'expires', 'frames', 'first', 'bytes')
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'missing'}
end
if h[1] ~= ARGV[2] then
  return {'format', h[1] or ''}
end

if h[2] ~= ARGV[3] or h[3] ~= ARGV[4] then
  -- The newest operations are remembered: ours among them is a repetition, not a conflict.
  if h[2] == ARGV[3] and h[4] and string.find(h[4], ARGV[5], 1, true) then
    return {'updated', redis.call('HGETALL', KEYS[1])}
  end
  return {'conflict', redis.call('HGETALL', KEYS[1])}
end

-- What the store owns is left as it is, and so has to be readable.
for i = 5, 13 do
  if not tonumber(h[i]) then
    return {'damaged'}
  end
end

-- Lifetimes count from the next append or touch on. The score has to stay below every deadline that may give.
local score = redis.call('ZSCORE', KEYS[2], ARGV[1])
if score and (h[5] ~= ARGV[6] or h[6] ~= ARGV[7]) then
  local time = redis.call('TIME')
  local bound = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[6]
  if ARGV[7] ~= '0' then
    bound = math.min(bound, h[7] + ARGV[7])
  end
  if bound >= tonumber(score) then
    score = nil
  else
    score = string.format('%.0f', bound)
  end
else
  score = nil
end

local removed = {}
local written = {'ver', h[3] + 1, 'ops', ARGV[5] .. string.sub(h[4] or '', 1, 56), 'ttl', ARGV[6], 'max', ARGV[7]}
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
if score then
  redis.call('ZADD', KEYS[2], score, ARGV[1])
end
return {'updated', redis.call('HGETALL', KEYS[1])}
