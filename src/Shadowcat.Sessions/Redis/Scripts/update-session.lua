-- Replaces what the application owns of a session, if it still has the version and generation it was read at.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST  under the name the caller knows
-- KEYS[3] frames   LIST  under a name never used
-- KEYS[4] expiry   ZSET  id -> a lower bound of its deadline, in ms
-- ARGV[1] name of the list as the caller knows it
-- ARGV[2] the name never used
-- ARGV[3] id
-- ARGV[4] format version this client writes
-- ARGV[5] generation
-- ARGV[6] version it was read at
-- ARGV[7] operation: 8 random bytes, the same when the call is repeated because its reply was lost
-- ARGV[8] time to live, ms
-- ARGV[9] greatest lifetime, ms; 0 for none
-- ARGV[10] channel that the change is published on; empty for none
-- ARGV[11] channel that followers of sessions listen to
-- ARGV[12...] field, value, ...; an empty value removes the field
--
-- Returns {'updated', active, expires, created, frames, first, ver} | {'repeated'} | {'conflict'} | {'list', name it has} | {'missing'}
--    | {'format', found} | {'damaged'}

local h = redis.call('HMGET', KEYS[1],
  'format', 'gen', 'ver', 'ops', 'ttl', 'max', 'born', 'active', 'expires', 'created', 'frames', 'first', 'list', 'followed')
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'missing'}
end
if h[1] ~= ARGV[4] then
  return {'format', h[1] or ''}
end

if h[2] ~= ARGV[5] or h[3] ~= ARGV[6] then
  -- The newest operations are remembered: ours among them is a repetition, not a conflict.
  if h[2] == ARGV[5] and h[4] and string.find(h[4], ARGV[7], 1, true) then
    return {'repeated'}
  end
  return {'conflict'}
end

-- What the store owns is left as it is, and so has to be readable.
for i = 5, 12 do
  if not tonumber(h[i]) then
    return {'damaged'}
  end
end
if not h[13] then
  return {'damaged'}
end
if h[13] ~= ARGV[1] then
  return {'list', h[13]}
end
local length = redis.call('LLEN', KEYS[2])
-- Lua 5.4, which Garnet runs, compares no text with a number.
local frames, first = math.max(tonumber(h[11]), h[12] + length), h[12]
if length == 0 then
  first = frames
end

-- A changed lifetime counts at once, from the last activity and the creation; an update is no activity itself.
local active, expires, renames = h[8], h[9], false
if h[6] ~= ARGV[9] or h[5] ~= ARGV[8] then
  if frames > tonumber(h[11]) then
    -- Frames were pushed since activity was noted last: not longer ago than deadlines move at a time.
    local time = redis.call('TIME')
    active = math.min(active + math.max(1, math.min(1000, math.floor(h[5] / 64))), time[1] * 1000 + math.floor(time[2] / 1000))
    active = string.format('%.0f', active)
  end
  local deadline = active + ARGV[8] + math.max(1, math.min(1000, math.floor(ARGV[8] / 64)))
  if ARGV[9] ~= '0' then
    deadline = math.min(deadline, h[7] + ARGV[9])
  end
  expires = string.format('%.0f', deadline)
  -- Writers who know the list under its name also know for how long the deadline need not move: no longer.
  renames = true
  -- A key of another type has to be found before the first write: a script does not roll back.
  redis.call('ZCARD', KEYS[4])
end

-- Published before it is done, and heard after: who may not publish must find out before the first write.
if ARGV[10] ~= '' then
  redis.call('PUBLISH', ARGV[10], '1 ' .. ARGV[5] .. ' ' .. h[3] + 1 .. ' ' .. ARGV[3])
end

local removed = {}
local written = {'ver', h[3] + 1, 'ops', ARGV[7] .. string.sub(h[4] or '', 1, 56), 'ttl', ARGV[8], 'max', ARGV[9], 'expires', expires,
  'active', active, 'frames', frames}
if renames then
  written[#written + 1] = 'list'
  written[#written + 1] = ARGV[2]
end
for i = 12, #ARGV, 2 do
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
if renames then
  redis.call('ZADD', KEYS[4], 'XX', expires, ARGV[3])
  redis.call('PEXPIREAT', KEYS[1], expires)
  if length > 0 then
    redis.call('RENAME', KEYS[2], KEYS[3])
    redis.call('PEXPIREAT', KEYS[3], expires)
  end
end
if h[14] then
  -- It may be closed now. Nobody relies on hearing it, so who may not publish it updates all the same.
  redis.pcall('PUBLISH', ARGV[11], '1 0 ' .. ARGV[3])
end
return {'updated', active, expires, h[10], frames, first, h[3] + 1}
