-- Appends frames to any number of sessions of one partition, with all the bookkeeping, each frame once. It is for what RPUSHX by itself cannot do:
-- the first frames of a list, a deadline that is due to move, a bound to keep, and frames of an earlier try that was not answered.
-- The frames of each session are stored or refused by themselves; refused frames leave nothing.
--
-- KEYS[1] active  SET
-- KEYS[2] expiry  ZSET
-- KEYS[3] index   ZSET  id -> when the session was created, in ms
-- KEYS    session HASH, frames LIST under the token the writer knows, frames LIST under a token never used, for each session
-- ARGV[1] format version this client writes
-- ARGV[2] greatest number of frames a session keeps; 0 for no bound
-- ARGV[3] greatest number of bytes a session keeps; 0 for no bound
-- ARGV[4] 1 to refuse what exceeds a bound, 0 to trim the oldest
-- ARGV[5] channel that followers of sessions subscribe to
-- ARGV[6...] for each session:
--    how many frames
--    the token of the list as the writer knows it
--    the token never used
--    the generation that is meant; empty for the one there is
--    the sequence from which on these frames may be stored already, because an earlier try was not answered; -1 where they are not
--    the sequence of the last frame that was acknowledged to the writer; -1 where there is none
--    the stamp of that frame
--    1 where an older write may be on its way that nobody waits for any more, else 0
--    the frames
--
-- Returns for each session seven words: a code, a value, the sequence of the first frame kept, for how many ms pushes need not move the deadline nor ask who
-- follows (-1 where frames are gone that were acknowledged), the deadline, for how many ms the session is followed, and how many sequences the field 'list' has counted;
-- and at the end '@' and the time of the call.
--    0, sequence of the first of these frames   stored
--    1, 0                                       no such session
--    2, format found, or -1                     the session is of another format
--    3, 0                                       a key is of another type, a field is damaged, or session and list do not match
--    4, 0 | 5, 0                                refused: too many frames | too many bytes
--    6, token and generation                    the list has another token; the last word is how many sequences there are at least
--    7, sequence of the first frame kept        the frames may have been stored, and trimmed or deleted since; nothing was done
--    8, sequence of the first of these frames   stored, and the list has the token never used
--    9, 0                                       the generation that is meant has ended: the session has another one
--    10, sequence of the next frame             frames that were acknowledged are gone; nothing was stored, and the list has the token never used
--    11, 0                                      the server refused a command in the middle of this session; it is the first of the next call

-- prelude.lua

local format, channel = ARGV[1], ARGV[5]
local maxFrames, maxBytes, refuse = tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local now = clock()

-- The place of a frame in the list, looked for from a place on; nil where it is not there. It is known by its stamp: a repetition may be encrypted anew.
local function place(key, frame, from, length)
  local stamp = string.sub(frame, -8)
  for page = from, length - 1, 64 do
    for i, element in ipairs(call('LRANGE', key, page, page + 63)) do
      if string.sub(element, -8) == stamp then
        return page + i - 1
      end
    end
  end
end

-- The bytes of the frames kept. RPUSHX by itself does not count them, so what came since the last count is read.
local function size(session, key, first, last)
  local bytes, counted = string.match(call('HGET', session, 'size') or '0 0', '^(%d+) (%d+)$')
  if not bytes then
    return nil
  end
  bytes, counted = tonumber(bytes), tonumber(counted)
  if counted <= first then
    bytes, counted = 0, first
  end
  for page = counted - first, last - first - 1, 64 do
    for _, element in ipairs(call('LRANGE', key, page, page + 63)) do
      bytes = bytes + #element
    end
  end
  return bytes
end

-- How many frames have to be trimmed so that the rest keeps the bounds, not counting the newest; and their bytes.
local function excess(key, length, at, count, bytes)
  local gone, page = math.max(0, maxFrames > 0 and length + count - maxFrames or 0), {}
  if maxBytes == 0 then
    return gone, 0
  end
  local trimmed, freed = 0, 0
  while trimmed < gone or (bytes - freed > maxBytes and trimmed < length + count - 1) do
    if trimmed < length and trimmed % 64 == 0 then
      page = call('LRANGE', key, trimmed, trimmed + 63)
    end
    freed = freed + #(trimmed < length and page[trimmed % 64 + 1] or ARGV[at + trimmed - length])
    trimmed = trimmed + 1
  end
  return trimmed, freed
end

local function append(session, key, unused, at)
  local count, callerToken, newToken, generation, since = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2], ARGV[at + 3], tonumber(ARGV[at + 4])
  local anchor, stamp, changesToken = tonumber(ARGV[at + 5]), ARGV[at + 6], ARGV[at + 7] == '1'
  at = at + 8

  local h = call('HMGET', session, 'format', 'list', 'life', 'followed')
  if h[1] ~= format then
    if not h[1] and call('EXISTS', session) == 0 then
      return 1, 0
    end
    return 2, tonumber(h[1] or '') or -1
  end
  local token, first, frames = places(h[2])
  local expires, active, ttl, max, born, raw, fixed = lifetimes(h[3])
  if not (token and expires) then
    return 3, 0
  end
  if token ~= callerToken or generation ~= '' then
    local found = string.match(call('HGET', session, 'version') or '', '^%x+') or ''
    if generation ~= '' and generation ~= found then
      return 9, 0
    end
    if token ~= callerToken then
      return 6, token .. found, 0, 0, 0, 0, frames
    end
  end

  local function changeToken(kept, last, length)
    write({'HSET', session, 'list', h[2]}, 'HSET', session, 'list', list(newToken, kept, last))
    if length > 0 then
      write({'RENAME', unused, key}, 'RENAME', key, unused)
    end
  end

  local length = frames > first and call('LLEN', key) or 0
  local kept, last, evicted = extent(first, frames, length)

  -- The frames that the field has counted, those that the writer knows, and the last that was acknowledged to it have to be there.
  local intact, known = not evicted and first + length >= math.max(frames, since), math.max(last, since)
  if anchor >= kept and anchor >= first + length then
    intact, known = false, math.max(known, anchor + 1)
  elseif anchor >= kept and intact then
    intact = string.sub(call('LINDEX', key, anchor - first) or '', -8) == stamp
  end

  if since >= 0 then
    -- Where frames were lost, everything that is in the list now may be newer than what was known before.
    local found = place(key, ARGV[at], intact and math.max(0, since - first) or 0, length)
    if found and changesToken then
      changeToken(first, frames, length)
    end
    if found then
      return changesToken and 8 or 0, first + found, first, intact and 0 or -1, 0, 0, frames
    end
    if evicted or since < kept then
      return 7, kept
    end
    changesToken = true
  end

  if evicted then
    changeToken(known, known, 0)
    return 10, known, known, 0, 0, 0, known
  end
  if not intact then
    -- A marker takes the place of each lost frame: its sequence is not given again, and readers learn of the loss.
    local gap, back = known - first - length, length > 0 and {'LTRIM', key, 0, length - 1} or {'UNLINK', key}
    while gap > 0 do
      local markers = {}
      for i = 1, math.min(gap, 1000) do
        markers[i] = ''
      end
      write(back, 'RPUSH', key, unpack(markers))
      gap = gap - #markers
    end
    changeToken(first, known, 1)
    if length == 0 then
      call('PEXPIREAT', unused, expires)
    end
    return 10, known, first, 0, 0, 0, known
  end

  local before = expires
  active, raw = activity(now, active, raw)
  local rest = expires - active - ttl
  local moves = rest < slack(ttl) / 2
  if moves then
    expires = math.max(expires, deadline(active, ttl, max, born))
    rest = expires == before and 1000 or slack(ttl)
  end
  if expires <= now then
    -- The greatest lifetime of the session ends in this very millisecond.
    return 1, 0
  end

  local added, bytes = 0, 0
  if maxBytes > 0 then
    for i = at, at + count - 1 do
      added = added + #ARGV[i]
    end
    bytes = size(session, key, kept, length > 0 and last or kept)
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
  local gone, freed = 0, 0
  if tooMany or tooLarge then
    gone, freed = excess(key, length, at, count, bytes + added)
    changesToken = true
  end

  -- First what a server at its memory limit refuses, last what cannot be taken back.
  local target, sequence = key, last
  if changesToken and length == 0 then
    target = unused
  end
  local popped = {}
  for i = 1, gone > 0 and count or 0 do
    popped[i] = {'RPOP', target} -- trimming may be what is refused
  end
  local pushed = write(length == 0 and {'UNLINK', target} or gone > 0 and popped or {'LTRIM', key, 0, length - 1}, 'RPUSH', target, unpack(ARGV, at, at + count - 1))
  if pushed ~= length + count then
    error({err = 'DAMAGED'})
  end
  if changesToken and length > 0 then
    write({'RENAME', unused, key}, 'RENAME', key, unused)
    target = unused
  end
  last = last + count
  local values = {'list', list(changesToken and newToken or callerToken, kept + gone, last), 'life', life(expires, active, fixed, raw)}
  local back = {'HSET', session, 'list', h[2], 'life', h[3]}
  if maxBytes > 0 then
    values[5], values[6] = 'size', string.format('%.0f %.0f', bytes + added - freed, last)
    back = restored(session, 'list', h[2], 'life', h[3], 'size', call('HGET', session, 'size'))
  end
  write(back, 'HSET', session, unpack(values))
  if moves then
    enter(KEYS[1], KEYS[2], KEYS[3], string.match(session, '^{[^}]*}:session:(.*)$'), before, call('HGET', session, 'version'))
  end
  if length == 0 or expires ~= before then
    write(length > 0 and {'PEXPIREAT', target, before}, 'PEXPIREAT', target, expires)
  end
  if expires ~= before then
    write({'PEXPIREAT', session, before}, 'PEXPIREAT', session, expires)
  end
  if gone > 0 then
    call('LTRIM', target, gone, -1)
  end

  local followed = math.max(0, (tonumber(h[4] or '') or 0) - now)
  if followed > 0 then
    -- Nobody relies on the message, so an account that may not publish it appends all the same.
    redis.pcall('PUBLISH', channel, '1 ' .. int(last) .. ' ' .. string.match(session, '^{[^}]*}:session:(.*)$'))
    rest = math.min(rest, followed)
  end
  -- At most a second, even where the deadline cannot move any further, so that other changes are noticed.
  return changesToken and 8 or 0, sequence, kept + gone, math.min(rest, 1000), expires, followed, last
end

local reply = {}
local at = 6
for key = 4, #KEYS, 3 do
  local code, value, first, rest, expires, followed, counted = attempt(append, KEYS[key], KEYS[key + 1], KEYS[key + 2], at)
  if type(code) == 'table' then
    if string.find(code.err, 'WRONGTYPE', 1, true) or code.err == 'DAMAGED' then
      -- A key of another type concerns its session only.
      code, value = 3, 0
    elseif #reply == 0 then
      return code
    else
      code, value = 11, 0
    end
  end
  reply[#reply + 1] = table.concat({code, value, first or 0, rest or 0, expires and int(expires) or 0, followed or 0, counted or 0}, ' ')
  at = at + 8 + tonumber(ARGV[at])
end
local answer = table.concat(reply, ' ') .. ' @' .. int(now)
return written and answer or current(answer, 'HDEL', KEYS[4])
