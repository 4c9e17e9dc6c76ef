-- Appends frames to any number of sessions of one partition, with all the bookkeeping, each frame once.
-- Each block of frames stands or falls on its own; one that is refused leaves nothing.
--
-- A writer numbers the frames it sends, over all sessions, upwards without end, and has at most one block of a session
-- on its way. The session remembers of each of its newest 16 writers the last block: its first and last number, and
-- the sequence it got. A number seen before is a repetition after a lost reply and is answered as it was then.
--
-- KEYS    session HASH, frames LIST for each block
-- ARGV[1] writer: the hash field of this writer, w:<random>
-- ARGV[2] format version this client writes
-- ARGV[3] greatest number of frames a session keeps; 0 for no bound
-- ARGV[4] greatest number of bytes a session keeps; 0 for no bound
-- ARGV[5] 1 to refuse what exceeds a bound, 0 to trim the oldest
-- ARGV[6...] for each block: number of its first frame, number of the last one acknowledged to this writer in this
--         session (-1 where the writer does not remember), 1 when it was sent before, how many frames, the frames
--
-- Returns for each block: code, value
--    0, sequence of its first frame      stored, now or before
--    1, last number seen                 refused: frames acknowledged to this writer are missing here
--    2, 0                                no such session
--    3, format found, or -1              the session is of another format
--    4, 0                                a key is of another type, a field is damaged, or session and list disagree
--    5, 0 | 6, 0                         refused: too many frames | too many bytes
--    7, 0                                sent before, and whether it was stored can no longer be told

local writer, format = ARGV[1], ARGV[2]
local maxFrames, maxBytes, refuse = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5] == '1'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local nowText = string.format('%.0f', now)

-- Remembers a writer this session has not seen, forgetting the one that came first where there are too many.
local function remember(session)
  local writers = redis.call('HGET', session, 'writers') or ''
  writers = writers .. writer .. ' '
  local forgotten = nil
  local _, count = string.gsub(writers, ' ', '')
  if count > 16 then
    local cut = string.find(writers, ' ', 1, true)
    forgotten = string.sub(writers, 1, cut - 1)
    writers = string.sub(writers, cut + 1)
  end
  return writers, forgotten
end

local function append(session, list, at, number, acknowledged, again, count)
  local h = redis.pcall('HMGET', session, 'format', 'frames', 'first', 'bytes', 'ttl', 'max', 'born', writer, 'forgot')
  if h.err then
    return 4, 0
  end
  if not h[1] then
    if redis.call('EXISTS', session) == 0 then
      return 2, 0
    end
    return 3, -1
  end
  if h[1] ~= format then
    return 3, tonumber(h[1]) or -1
  end

  local frames, first, bytes, ttl, max, born =
    tonumber(h[2]), tonumber(h[3]), tonumber(h[4]), tonumber(h[5]), tonumber(h[6]), tonumber(h[7])
  if not (frames and first and bytes and ttl and max and born) then
    return 4, 0
  end
  if h[8] then
    local from, to, sequence = string.match(h[8], '^(%d+) (%d+) (%d+)$')
    from, to = tonumber(from), tonumber(to)
    if not to then
      return 4, 0
    end
    if number <= to then
      if number == from and number + count - 1 == to then
        return 0, tonumber(sequence)
      end
      return 7, 0
    end
    if to < acknowledged then
      return 1, to
    end
  elseif h[9] then
    -- Writers were forgotten here, perhaps this one.
    if again then
      return 7, 0
    end
  elseif acknowledged >= 0 then
    return 1, -1
  end

  local length = redis.pcall('LLEN', list)
  if type(length) == 'table' then
    return 4, 0
  end
  if length ~= frames - first then
    if length > 0 then
      return 4, 0
    end
    -- The server evicted the list, or it expired a moment before the session: its frames count as trimmed.
    first, bytes = frames, 0
  end

  local added = 0
  for i = at, at + count - 1 do
    added = added + #ARGV[i]
  end
  if refuse then
    if maxFrames > 0 and frames + count - first > maxFrames then
      return 5, 0
    end
    if maxBytes > 0 and bytes + added > maxBytes then
      return 6, 0
    end
  end

  redis.call('RPUSH', list, unpack(ARGV, at, at + count - 1))
  local sequence = frames
  frames, bytes = frames + count, bytes + added
  while (maxFrames > 0 and frames - first > maxFrames) or (maxBytes > 0 and bytes > maxBytes and frames - first > 1) do
    bytes = bytes - #redis.call('LPOP', list)
    first = first + 1
  end

  local deadline = now + ttl
  if max > 0 then
    deadline = math.min(deadline, born + max)
  end
  deadline = string.format('%.0f', deadline)
  redis.call('HSET', session, 'frames', frames, 'first', first, 'bytes', bytes, 'active', nowText, 'expires', deadline,
    writer, string.format('%.0f %.0f %.0f', number, number + count - 1, sequence))
  if not h[8] then
    local writers, forgotten = remember(session)
    redis.call('HSET', session, 'writers', writers)
    if forgotten then
      redis.call('HSET', session, 'forgot', 1)
      redis.call('HDEL', session, forgotten)
    end
  end
  redis.call('PEXPIREAT', session, deadline)
  redis.call('PEXPIREAT', list, deadline)
  return 0, sequence
end

local reply = {}
local at = 6
for key = 1, #KEYS, 2 do
  local count = tonumber(ARGV[at + 3])
  local code, value = append(
    KEYS[key], KEYS[key + 1], at + 4, tonumber(ARGV[at]), tonumber(ARGV[at + 1]), ARGV[at + 2] == '1', count)
  reply[#reply + 1] = code
  reply[#reply + 1] = value
  at = at + 4 + count
end
return reply
