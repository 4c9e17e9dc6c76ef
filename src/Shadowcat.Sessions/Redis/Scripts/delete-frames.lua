-- Deletes the oldest frames of a session, a bounded number at a time, or all of them at once.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST
-- ARGV[1] format version this client writes
-- ARGV[2] frames below this sequence go
-- ARGV[3] how many at most, where not all go
--
-- Returns {'deleted', how many, 1 when more are left to delete} | {'missing'} | {'format', found} | {'damaged'}

local h = redis.call('HMGET', KEYS[1], 'format', 'frames', 'first', 'bytes')
if redis.call('EXISTS', KEYS[1]) == 0 then
  return {'missing'}
end
if h[1] ~= ARGV[1] then
  return {'format', h[1] or ''}
end

local frames, first, bytes = tonumber(h[2]), tonumber(h[3]), tonumber(h[4])
if not (frames and first and bytes) then
  return {'damaged'}
end
local length = redis.call('LLEN', KEYS[2])
if length > 0 and length ~= frames - first then
  return {'damaged'}
end
-- Deleting comes first: a server at its memory limit allows it, and then also the bookkeeping.
if tonumber(ARGV[2]) >= frames then
  redis.call('UNLINK', KEYS[2])
  redis.call('HSET', KEYS[1], 'first', frames, 'bytes', 0)
  return {'deleted', length, 0}
end

local deleted, last = 0, math.min(tonumber(ARGV[2]), first + ARGV[3])
while first < last and deleted < length do
  bytes = bytes - #redis.call('LPOP', KEYS[2])
  first = first + 1
  deleted = deleted + 1
end
if deleted > 0 then
  redis.call('HSET', KEYS[1], 'first', first, 'bytes', bytes)
end
return {'deleted', deleted, (deleted > 0 and first < tonumber(ARGV[2])) and 1 or 0}
