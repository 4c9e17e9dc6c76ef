-- Appends frames to any number of sessions of one partition, with all the bookkeeping, each frame once: for what RPUSHX by itself cannot do,
-- which is the first frames of a list, a deadline that is due to move, a bound to keep, and frames whose RPUSHX was not answered.
-- Each block of frames stands or falls on its own; one that is refused leaves nothing.
--
-- A writer numbers its calls upwards and has one on its way at a time. What the newest one was answered is kept, so a
-- repetition after a lost reply is answered the same, and one that arrives late, after a newer call, does nothing.
--
-- The name of a list stands for what places in it mean. Where that changes, or an RPUSHX may still be on its way that nobody waits for, the
-- list is renamed: an RPUSHX to the old name then finds no list.
--
-- KEYS[1] writers  HASH  writer -> 'number answers ... @ms' of its newest call, and when it was
-- KEYS    session HASH, frames LIST under the name the writer knows, frames LIST under a name never used, for each block
-- ARGV[1] writer
-- ARGV[2] number of this call
-- ARGV[3] number of the last call of this writer that was acknowledged; 0 for none
-- ARGV[4] how long the writer is remembered, ms
-- ARGV[5] format version this client writes
-- ARGV[6] greatest number of frames a session keeps; 0 for no bound
-- ARGV[7] greatest number of bytes a session keeps; 0 for no bound
-- ARGV[8] 1 to refuse what exceeds a bound, 0 to trim the oldest
-- ARGV[9] channel that followers of sessions listen to
-- ARGV[10...] for each block:
--    how many frames
--    the name of the list as the writer knows it
--    the name never used
--    the sequence from which on these frames may already stand, for they were pushed and that was not answered; -1 where they were not
--    1 where something older may be on its way that nobody waits for any more, else 0
--    the frames
--
-- Returns 'number answer answer ... @ms', the time of the call at the end, and for each block six words: a code, a value, the sequence of the first
-- frame kept, for how many ms the deadline need not move nor this script be asked who follows, the deadline, and for how many ms somebody follows; 0 for
-- a deadline where the block had been stored before.
--    0, sequence of the first of these frames   stored
--    1, 0                                       no such session
--    2, format found, or -1                     the session is of another format
--    3, 0                                       a key is of another type, a field is damaged, or session and list disagree
--    4, 0 | 5, 0                                refused: too many frames | too many bytes
--    6, name                                    the list has another name
--    7, sequence of the first frame kept        the frames may have been stored and deleted since
--    8, sequence of the first of these frames   stored, and the list has the name never used
-- or 'lost number ...' where this writer was acknowledged a call that the server does not have; this call was carried out.
-- or '' where a newer call of this writer was carried out before: nobody waits for this one any more.

local call, pcall = redis.call, redis.pcall
local number = tonumber(ARGV[2])
local format = ARGV[5]
local maxFrames, maxBytes, refuse = tonumber(ARGV[6]), tonumber(ARGV[7]), ARGV[8] == '1'

local prefix, listForm = '', '%s %.0f %.0f'
local newest = call('HGET', KEYS[1], ARGV[1])
if newest then
  local seen = tonumber(string.match(newest, '^%d+'))
  if seen == number then
    return newest
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

-- Where in the list a frame stands, looked for from a place on; nil where it does not.
local function place(list, frame, from, length)
  for page = from, length - 1, 64 do
    for i, element in ipairs(call('LRANGE', list, page, page + 63)) do
      if element == frame then
        return page + i - 1
      end
    end
  end
end

-- The bytes of the frames kept. RPUSHX by itself does not count them, so what came since the last count is read.
local function size(session, list, first, last)
  local bytes, counted = string.match(call('HGET', session, 'size') or '0 0', '^(%d+) (%d+)$')
  if not bytes then
    return nil
  end
  bytes, counted = tonumber(bytes), tonumber(counted)
  if counted <= first then
    bytes, counted = 0, first
  end
  for page = counted - first, last - first - 1, 64 do
    for _, element in ipairs(call('LRANGE', list, page, page + 63)) do
      bytes = bytes + #element
    end
  end
  return bytes
end

local function append(session, list, unused, at)
  local count, name, unusedName, since, renames =
    tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], tonumber(ARGV[at + 3]), ARGV[at + 4] == '1'
  at = at + 5

  local h = pcall('HMGET', session, 'format', 'list', 'life', 'followed')
  if h.err then
    return failure(h)
  end
  if h[1] ~= format then
    if not h[1] and call('EXISTS', session) == 0 then
      return 1, 0
    end
    return 2, tonumber(h[1] or '') or -1
  end
  local known, first, frames = string.match(h[2] or '', '^(%S+) (%d+) (%d+)$')
  local expires, ttl, max, born = string.match(h[3] or '', '^(%d+) %d+ (%d+) (%d+) (%d+)$')
  if not (known and expires) then
    return 3, 0
  end
  if known ~= name then
    return 6, known
  end
  first, frames = tonumber(first), tonumber(frames)

  -- The deadline is a little later than needed, so that not every append has to move it.
  local slack, rest = math.max(1, math.min(1000, math.floor(ttl / 64))), expires - now - ttl
  local moves = rest < slack / 2

  -- The first frames of a session: none was counted yet, so none can be missing, and RPUSH says by itself where they stand.
  if frames == first and since < 0 and not (moves or renames or h[4]) and maxFrames == 0 and maxBytes == 0 then
    local pushed = pcall('RPUSH', list, unpack(ARGV, at, at + count - 1))
    if type(pushed) == 'table' then
      return failure(pushed)
    end
    call('HSET', session, 'list', string.format(listForm, name, first, first + pushed), 'life', table.concat({expires, nowText, ttl, max, born}, ' '))
    if pushed == count then
      call('PEXPIREAT', list, expires)
    end
    return 0, first + pushed - count, first, rest, expires, 0
  end

  local length = pcall('LLEN', list)
  if type(length) == 'table' then
    return failure(length)
  end
  local kept, last = first, first + length
  if last < frames then
    if length > 0 then
      return 3, 0
    end
    -- The server evicted the list: its frames count as trimmed.
    last, kept, renames = frames, frames, true
  end

  if since >= 0 then
    local found = place(list, ARGV[at], math.max(0, since - first), length)
    if found and renames then
      call('HSET', session, 'list', string.format(listForm, unusedName, first, frames))
      call('RENAME', list, unused)
      return 8, first + found, first, 0
    end
    if found then
      return 0, first + found, first, 0
    end
    if since < kept then
      return 7, kept
    end
    renames = true
  end

  if moves then
    local deadline = now + ttl + slack
    rest = slack
    if max ~= '0' and born + max < deadline then
      -- It cannot move any further, whatever comes.
      deadline, rest = born + max, 3600000
    end
    expires = string.format('%.0f', deadline)
  end

  local added, bytes = 0, 0
  if maxBytes > 0 then
    for i = at, at + count - 1 do
      added = added + #ARGV[i]
    end
    bytes = size(session, list, kept, kept == first and last or kept)
    if not bytes then
      return 3, 0
    end
  end
  local tooMany = maxFrames > 0 and last - kept + count > maxFrames
  local tooLarge = maxBytes > 0 and bytes + added > maxBytes
  if refuse and tooMany then
    return 4, 0
  end
  if refuse and tooLarge then
    return 5, 0
  end
  renames = renames or tooMany or tooLarge

  -- What a server may refuse comes first: then nothing was done.
  if length == 0 and renames then
    list = unused
  end
  call('RPUSH', list, unpack(ARGV, at, at + count - 1))

  local sequence, oldest = last, kept
  last, bytes = last + count, bytes + added
  call('HSET', session, 'list', string.format(listForm, renames and unusedName or name, kept, last), 'life', table.concat({expires, nowText, ttl, max, born}, ' '))
  if renames and list ~= unused then
    call('RENAME', list, unused)
    list = unused
  end

  while (tooMany and last - kept > maxFrames) or (tooLarge and bytes > maxBytes and last - kept > 1) do
    bytes = bytes - #call('LPOP', list)
    kept = kept + 1
  end
  if kept ~= oldest then
    call('HSET', session, 'list', string.format(listForm, unusedName, kept, last))
  end
  if maxBytes > 0 then
    call('HSET', session, 'size', string.format('%.0f %.0f', bytes, last))
  end

  if moves then
    call('PEXPIREAT', session, expires)
    call('PEXPIREAT', list, expires)
  elseif length == 0 then
    call('PEXPIREAT', list, expires)
  end

  local followed = math.max(0, (tonumber(h[4] or '') or 0) - now)
  if followed > 0 then
    -- Nobody relies on hearing it, so who may not publish it appends all the same. No key prefix has a brace in it.
    pcall('PUBLISH', ARGV[9], '1 ' .. last .. ' ' .. string.match(session, '^{[^}]*}:session:(.*)$'))
    rest = math.min(rest, followed)
  end
  return renames and 8 or 0, sequence, kept, rest, expires, followed
end

local reply = {number}
local at = 10
for key = 2, #KEYS, 3 do
  local code, value, first, rest, deadline, followed = append(KEYS[key], KEYS[key + 1], KEYS[key + 2], at)
  if type(code) == 'table' then
    return code
  end
  reply[#reply + 1] = code
  reply[#reply + 1] = value
  reply[#reply + 1] = first or 0
  reply[#reply + 1] = rest or 0
  reply[#reply + 1] = deadline or 0
  reply[#reply + 1] = followed or 0
  at = at + 5 + tonumber(ARGV[at])
end

reply = table.concat(reply, ' ') .. ' @' .. nowText
call('HSET', KEYS[1], ARGV[1], reply)
call('PEXPIRE', KEYS[1], ARGV[4])
return prefix .. reply
