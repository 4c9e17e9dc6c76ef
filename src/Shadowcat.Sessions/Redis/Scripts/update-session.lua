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
-- ARGV[12] what the application owns
--
-- Returns {'updated', active, expires, created, frames, first, ver} | {'repeated'} | {'conflict'} | {'list', name it has} | {'missing'}
--    | {'format', found} | {'damaged'}

local h = redis.call('HMGET', KEYS[1], 'format', 'list', 'life', 'version', 'ops', 'followed')
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'missing'}
end
if h[1] ~= ARGV[4] then
  return {'format', h[1] or ''}
end

local generation, version, created = string.match(h[4] or '', '^(%x+) (%d+) (%d+)$')
local ops = h[5] or ''
if generation ~= ARGV[5] or version ~= ARGV[6] then
  -- The newest operations are remembered: ours among them is a repetition, not a conflict.
  if generation == ARGV[5] and string.find(ops, ARGV[7], 1, true) then
    return {'repeated'}
  end
  return {'conflict'}
end

-- What the store owns is left as it is, and so has to be readable.
local list, first, frames = string.match(h[2] or '', '^(%S+) (%d+) (%d+)$')
local expires, active, ttl, max, born = string.match(h[3] or '', '^(%d+) (%d+) (%d+) (%d+) (%d+)$')
if not (list and expires) then
  return {'damaged'}
end
if list ~= ARGV[1] then
  return {'list', list}
end
local length = redis.call('LLEN', KEYS[2])
first, frames = tonumber(first), tonumber(frames)
local counted = frames
frames = math.max(frames, first + length)
if length == 0 then
  first = frames
end

-- A changed lifetime counts at once, from the last activity and the creation; an update is no activity itself.
local renames = false
if max ~= ARGV[9] or ttl ~= ARGV[8] then
  if frames > counted then
    -- Frames were pushed since activity was noted last: not longer ago than deadlines move at a time.
    local time = redis.call('TIME')
    active = math.min(active + math.max(1, math.min(1000, math.floor(ttl / 64))), time[1] * 1000 + math.floor(time[2] / 1000))
    active = string.format('%.0f', active)
  end
  local deadline = active + ARGV[8] + math.max(1, math.min(1000, math.floor(ARGV[8] / 64)))
  if ARGV[9] ~= '0' then
    deadline = math.min(deadline, born + ARGV[9])
  end
  expires = string.format('%.0f', deadline)
  -- Writers who know the list under its name also know for how long the deadline need not move: no longer.
  renames = true
  -- A key of another type has to be found before the first write: a script does not roll back.
  redis.call('ZCARD', KEYS[4])
end

version = string.format('%.0f', version + 1)
-- Published before it is done, and heard after: who may not publish must find out before the first write.
if ARGV[10] ~= '' then
  redis.call('PUBLISH', ARGV[10], '1 ' .. ARGV[5] .. ' ' .. version .. ' ' .. ARGV[3])
end

local firstText, framesText = string.format('%.0f', first), string.format('%.0f', frames)
redis.call('HSET', KEYS[1], 'list', table.concat({renames and ARGV[2] or list, firstText, framesText}, ' '),
  'life', table.concat({expires, active, ARGV[8], ARGV[9], born}, ' '), 'version', table.concat({generation, version, created}, ' '),
  'ops', ARGV[7] .. string.sub(ops, 1, 56), 'session', ARGV[12])
if renames then
  redis.call('ZADD', KEYS[4], 'XX', expires, ARGV[3])
  redis.call('PEXPIREAT', KEYS[1], expires)
  if length > 0 then
    redis.call('RENAME', KEYS[2], KEYS[3])
    redis.call('PEXPIREAT', KEYS[3], expires)
  end
end
if h[6] then
  -- It may be closed now. Nobody relies on hearing it, so who may not publish it updates all the same.
  redis.pcall('PUBLISH', ARGV[11], '1 0 ' .. ARGV[3])
end
return {'updated', active, expires, created, framesText, firstText, version}
