-- Appends frames to any number of sessions of one partition, with all the bookkeeping, each frame once.
-- Each block of frames stands or falls on its own; one that is refused leaves nothing.
--
-- A writer numbers its calls upwards and has one on its way at a time. What the newest one was answered is kept, so a
-- repetition after a lost reply is answered the same, and one that arrives late, after a newer call, does nothing.
--
-- KEYS[1] writers  HASH  writer -> 'number code value code value ... @ms' of its newest call, and when it was
-- KEYS    session HASH, frames LIST for each block
-- ARGV[1] writer
-- ARGV[2] number of this call
-- ARGV[3] number of the last call of this writer that was acknowledged; 0 for none
-- ARGV[4] how long the writer is remembered, ms
-- ARGV[5] format version this client writes
-- ARGV[6] greatest number of frames a session keeps; 0 for no bound
-- ARGV[7] greatest number of bytes a session keeps; 0 for no bound
-- ARGV[8] 1 to refuse what exceeds a bound, 0 to trim the oldest
-- ARGV[9...] for each block: how many frames, the frames
--
-- Returns 'number code value code value ...', a code and a value for each block:
--    0, sequence of its first frame      stored
--    1, 0                                no such session
--    2, format found, or -1              the session is of another format
--    3, 0                                a key is of another type, a field is damaged, or session and list disagree
--    4, 0 | 5, 0                         refused: too many frames | too many bytes
-- or 'lost number ...' where this writer was acknowledged a call that the server does not have; this call was carried out.
-- or '' where a newer call of this writer was carried out before: nobody waits for this one any more.

local call, pcall = redis.call, redis.pcall
local number = tonumber(ARGV[2])
local format = ARGV[5]
local maxFrames, maxBytes, refuse = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8] == '1'

local prefix = ''
local newest = call('HGET', KEYS[1], ARGV[1])
if newest then
  local seen = tonumber(string.match(newest, '^%d+'))
  if seen == number then
    return string.match(newest, '^(.*) @') or newest
  end
  if seen > number then
    return ''
  end
  if seen < tonumber(ARGV[3]) then
    prefix = 'lost '
  end
end

local time = call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local nowText = string.format('%.0f', now)

-- A key of another type concerns its session only. A server that is full, read-only or forbids the command says so at the first
-- key it is asked for, before anything was written: that is the answer to the whole call.
local function failure(reply)
  if string.find(reply.err, 'WRONGTYPE', 1, true) then
    return 3, 0
  end
  return reply
end

local function append(session, list, at, count)
  local h = pcall('HMGET', session, 'format', 'frames', 'first', 'bytes', 'ttl', 'expires')
  if h.err then
    return failure(h)
  end
  if h[1] ~= format then
    if not h[1] and call('EXISTS', session) == 0 then
      return 1, 0
    end
    return 2, tonumber(h[1] or '') or -1
  end
  local frames, first, bytes, ttl, expires = tonumber(h[2]), tonumber(h[3]), tonumber(h[4]), tonumber(h[5]), tonumber(h[6])
  if not (frames and first and bytes and ttl and expires) then
    return 3, 0
  end

  -- The deadline is a little later than needed, so that not every append has to move it. What it takes is read before the first write.
  local needed, slack, deadline = now + ttl, math.max(1, math.min(1000, math.floor(ttl / 64))), nil
  if needed > expires then
    local bounds = call('HMGET', session, 'max', 'born')
    local max, born = tonumber(bounds[1]), tonumber(bounds[2])
    if not (max and born) then
      return 3, 0
    end
    deadline = needed + slack
    if max > 0 then
      deadline = math.min(deadline, born + max)
    end
  end

  local added = 0
  for i = at, at + count - 1 do
    added = added + #ARGV[i]
  end
  if refuse then
    local kept, size = frames - first, bytes
    if kept > 0 and call('EXISTS', list) == 0 then
      -- The server evicted the list: there is room again.
      kept, size = 0, 0
    end
    if maxFrames > 0 and kept + count > maxFrames then
      return 4, 0
    end
    if maxBytes > 0 and size + added > maxBytes then
      return 5, 0
    end
  end

  local length = pcall('RPUSH', list, unpack(ARGV, at, at + count - 1))
  if type(length) == 'table' then
    return failure(length)
  end
  local sequence = frames
  if length ~= frames - first + count then
    if length ~= count then
      call('LTRIM', list, 0, -count - 1)
      return 3, 0
    end
    -- The server evicted the list: its frames count as trimmed.
    first, bytes = frames, 0
    call('HSET', session, 'first', first)
  end

  frames, bytes = frames + count, bytes + added
  local trimmed = false
  while (maxFrames > 0 and frames - first > maxFrames) or (maxBytes > 0 and bytes > maxBytes and frames - first > 1) do
    bytes = bytes - #call('LPOP', list)
    first = first + 1
    trimmed = true
  end
  if trimmed then
    call('HSET', session, 'frames', frames, 'bytes', bytes, 'active', nowText, 'first', first)
  else
    call('HSET', session, 'frames', frames, 'bytes', bytes, 'active', nowText)
  end

  if deadline then
    deadline = string.format('%.0f', deadline)
    call('HSET', session, 'expires', deadline)
    call('PEXPIREAT', session, deadline)
    call('PEXPIREAT', list, deadline)
  elseif length == count then
    call('PEXPIREAT', list, h[6])
  end
  return 0, sequence
end

local reply = {}
local at = 9
for key = 2, #KEYS, 2 do
  local count = tonumber(ARGV[at])
  local code, value = append(KEYS[key], KEYS[key + 1], at + 1, count)
  if type(code) == 'table' then
    return code
  end
  reply[key - 1] = code
  reply[key] = value
  at = at + 1 + count
end

reply = ARGV[2] .. ' ' .. table.concat(reply, ' ')
call('HSET', KEYS[1], ARGV[1], reply .. ' @' .. nowText)
call('PEXPIRE', KEYS[1], ARGV[4])
return prefix .. reply
