-- Deletes the oldest frames of a session, a bounded number at a time, or all of them at once. What is left gets another name: the name of a
-- list stands for what places in it mean.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST  under the name the caller knows
-- KEYS[3] frames   LIST  under a name never used
-- ARGV[1] name of the list as the caller knows it
-- ARGV[2] the name never used
-- ARGV[3] format version this client writes
-- ARGV[4] frames below this sequence go
-- ARGV[5] how many at most, where not all go
--
-- Returns {'deleted', how many, 1 when more are left to delete} | {'list', name it has} | {'missing'} | {'format', found} | {'damaged'}

local h = redis.call('HMGET', KEYS[1], 'format', 'list', 'size')
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'missing'}
end
if h[1] ~= ARGV[3] then
  return {'format', h[1] or ''}
end

local list, first, frames = string.match(h[2] or '', '^(%S+) (%d+) (%d+)$')
local bytes, counted = string.match(h[3] or '0 0', '^(%d+) (%d+)$')
if not (list and bytes) then
  return {'damaged'}
end
if list ~= ARGV[1] then
  return {'list', list}
end
first, frames, bytes, counted = tonumber(first), tonumber(frames), tonumber(bytes), tonumber(counted)
local function note(kept)
  redis.call('HSET', KEYS[1], 'list', string.format('%s %.0f %.0f', ARGV[2], kept, frames))
  if h[3] then
    redis.call('HSET', KEYS[1], 'size', string.format('%.0f %.0f', bytes, math.max(counted, kept)))
  end
end

local length = redis.call('LLEN', KEYS[2])
if length > 0 and first + length < frames then
  return {'damaged'}
end
frames = math.max(frames, first + length)

-- Deleting comes first: a server at its memory limit allows it, and then also the bookkeeping.
if tonumber(ARGV[4]) >= frames then
  redis.call('UNLINK', KEYS[2])
  bytes = 0
  note(frames)
  return {'deleted', length, 0}
end

local last = math.min(tonumber(ARGV[4]), first + ARGV[5], first + length)
local deleted = last - first
if deleted <= 0 then
  return {'deleted', 0, 0}
end
redis.call('RENAME', KEYS[2], KEYS[3])
while first < last do
  local frame = redis.call('LPOP', KEYS[3])
  if first < counted then
    bytes = bytes - #frame
  end
  first = first + 1
end
note(first)
return {'deleted', deleted, first < tonumber(ARGV[4]) and 1 or 0}
