-- What scripts share. RedisScript puts it in place of the line that names it.

local call = redis.call

-- More than all processes together may push ahead of the frames that the field 'list' has counted. Where a list is lost, sequences continue behind all that may have been given.
local reserve = 65536

-- Idempotency records of a session: 16 digits of the operation, 10 of the time in s, 10 of what was answered.
local entry = 36

-- A whole number as text. Each is made once: it costs as much as a command. A number that is an argument of a command, and has at most 14 digits, needs none; nor does one that is answered.
local texts = {}
local function int(number)
  local text = texts[number]
  if not text then
    text = string.format(number < 2147483648 and number >= 0 and '%d' or '%.0f', number)
    texts[number] = text
  end
  return text
end

-- The server's time in ms.
local function clock()
  local time = call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Writes, and notes the command, or commands, that take it back, or a function that returns them; false where there is none: then it has to be the last write that can be refused.
local undo, written = {}, false
local function write(back, ...)
  local reply = call(...)
  undo[#undo + 1] = back
  written = true
  return reply
end

-- Writes what answers how many members it added or removed: where it was none, there is nothing to take back.
local function change(back, ...)
  local count = write(back, ...)
  if count == 0 then
    undo[#undo] = false
  end
  return count
end

-- Hands an answer out that rests on reading alone: it may be old where the server is a former primary. A replica refuses any write, even one that changes nothing; any other refusal
-- says nothing of that. It comes last: the server can end a script from outside until its first write.
local function current(answer, command, key)
  local reply = redis.pcall(command, key, '')
  return type(reply) == 'table' and string.find(reply.err, 'READONLY', 1, true) and reply or answer
end

-- Runs a step completely or not at all: where the server refuses a command, what was written before is taken back. A script does not roll back by itself.
local function attempt(step, ...)
  undo = {}
  local fine, one, two, three, four, five, six, seven = pcall(step, ...)
  if fine then
    return one, two, three, four, five, six, seven
  end
  for i = #undo, 1, -1 do
    local back = undo[i] or {}
    back = type(back) == 'function' and back() or back
    for _, command in ipairs(type(back[1]) == 'table' and back or {back}) do
      redis.pcall(unpack(command))
    end
  end
  return type(one) == 'table' and one or {err = one}
end

-- Runs a step for each session of a call, each completely or not at all. All sessions share the first keys and arguments; behind them, each has its own, and the step is told how many
-- stand before these. What one session is refused is answered in its place. What the first is refused, if not for the type of its keys, concerns the server or the account, and so every
-- session: that is answered as the error that it is, before anything was done. What is written for all sessions together is written last; where that is refused, every session is taken back.
local function each(sharedKeys, ownKeys, sharedArguments, ownArguments, step, finish)
  local reply, backs = {}, {}
  for i = 0, (#KEYS - sharedKeys) / ownKeys - 1 do
    local answer = attempt(step, sharedKeys + i * ownKeys, sharedArguments + i * ownArguments)
    if answer.err then
      if i == 0 and not string.find(answer.err, 'WRONGTYPE', 1, true) then
        return answer
      end
      answer = {'refused', answer.err}
    else
      for j = 1, #undo do
        backs[#backs + 1] = undo[j]
      end
    end
    reply[i + 1] = answer
  end
  local finished = finish and attempt(function()
    undo = backs
    finish()
    return {}
  end)
  if finished and finished.err then
    return finished
  end
  return written and reply or current(reply, 'HDEL', KEYS[sharedKeys + 1])
end

-- The commands that take the writing of fields back: each field gets the value that it had, or is removed where it had none.
local function restored(key, ...)
  local set, gone, fields = {'HSET', key}, {'HDEL', key}, {...}
  for i = 1, #fields, 2 do
    local command = fields[i + 1] and set or gone
    command[#command + 1] = fields[i]
    command[#command + 1] = fields[i + 1] or nil
  end
  return #gone > 2 and {set, gone} or set
end

-- Lets a script that frees memory or keeps sessions alive write on a full server: a script that has begun to write may continue. A command that takes something back must
-- not be refused itself: it is sent before what it takes back, if need be in a form that changes nothing.
local begun = false
local function begin(key)
  if not begun then
    call('HDEL', key, '')
    begun = true
  end
end

-- The words of the field 'life', the last of them as text, and as text also those that seldom change; nil where the field has another form.
local function lifetimes(field)
  local expires, active, fixed, ttl, max, born, raw = string.match(field or '', '^(%d+) (%d+) ((%d+) (%d+) (%d+)) ?(%d*)$')
  if expires then
    return expires + 0, active + 0, ttl + 0, max + 0, born + 0, raw, fixed
  end
end

-- The words of the field 'list'; nil where the field has another form.
local function places(field)
  local token, first, frames = string.match(field or '', '^(%x+) (%d+) (%d+)$')
  if token and #token == 16 then
    return token, first + 0, frames + 0
  end
end

-- The time of an activity. Where the clock went back, the time of a session continues from its last activity by what the clock has advanced since.
-- Returns that time, and the time of the clock where it differs.
local function activity(now, active, raw)
  if now >= active then
    return now, ''
  end
  return active + math.max(0, now - (tonumber(raw) or now)), int(now)
end

-- By how much a deadline is later than needed, so that not every append has to move it.
local function slack(ttl)
  return math.max(1, math.min(1000, math.floor(ttl / 64)))
end

-- The deadline of a session that was active at a time.
local function deadline(at, ttl, max, born)
  local needed = at + ttl + slack(ttl)
  return max > 0 and math.min(needed, born + max) or needed
end

local function life(expires, active, fixed, raw)
  local text = int(expires) .. ' ' .. int(active) .. ' ' .. fixed
  return raw ~= '' and text .. ' ' .. raw or text
end

local function list(token, first, frames)
  return token .. ' ' .. int(first) .. ' ' .. int(frames)
end

-- The extent of a list: the sequence of the oldest frame kept, that of the next frame, and whether the server has lost the list.
local function extent(first, frames, length)
  if length > 0 or frames == first then
    return first, math.max(frames, first + length), false
  end
  return frames + reserve, frames + reserve, true
end

-- When a session was created, as the field 'version' says. Where that cannot be read, nor can the session be listed, and it is of no matter.
local function creation(version)
  return string.match(version or '', '^ %d+ (-?%d+)$', 33) or '0'
end

-- The sessions that are entered into the indexes together: their ids, their scores and ids for the index of deadlines, and for that of creation.
local ids, deadlines, creations = {}, {}, {}
local function note(id, expires, created)
  local entry = #ids + 1
  ids[entry] = id
  deadlines[2 * entry - 1], deadlines[2 * entry] = expires, id
  creations[2 * entry - 1], creations[2 * entry] = created, id
end

-- Enters these into the indexes, where entries are missing.
local function enterAll(activeKey, expiryKey, indexKey)
  if #ids > 0 then
    call('SADD', activeKey, unpack(ids))
    call('ZADD', expiryKey, 'NX', unpack(deadlines))
    call('ZADD', indexKey, unpack(creations))
  end
end

-- Enters a session into the indexes, where an entry is missing.
local function enter(activeKey, expiryKey, indexKey, id, expires, version)
  call('SADD', activeKey, id)
  call('ZADD', expiryKey, 'NX', expires, id)
  call('ZADD', indexKey, creation(version), id)
end

-- The recorded answer of an operation; nil where it was not carried out.
local function recall(ops, operation)
  for at = 1, #ops, entry do
    if string.sub(ops, at, at + 15) == operation then
      return tonumber(string.sub(ops, at + 26, at + 35))
    end
  end
end

-- The records with one more. Records that are younger than keep stay, and the newest eight whatever the clock says.
local function remember(ops, operation, answer, now, keep)
  local last, oldest = #ops, (now - keep) / 1000
  while last > 7 * entry and tonumber(string.sub(ops, last - 19, last - 10)) < oldest do
    last = last - entry
  end
  return operation .. string.format('%010.0f%010.0f', math.floor(now / 1000), answer) .. string.sub(ops, 1, last)
end

-- Records members in the ZSET of operations. Members that are younger than keep stay, and the newest 1000 whatever the clock says.
local function record(key, now, keep, members)
  local added, gone, kept = {}, {'ZREM', key}, {'ZADD', key}
  for i, member in ipairs(members) do
    local before = call('ZSCORE', key, member)
    added[2 * i - 1], added[2 * i] = now, member
    if before then
      kept[#kept + 1], kept[#kept + 2] = before, member
    else
      gone[#gone + 1] = member
    end
  end
  write(#kept > 2 and {kept, #gone > 2 and gone or nil} or gone, 'ZADD', key, unpack(added))
  local more = call('ZCARD', key) - 1000
  if more > 16 then
    local old = call('ZRANGEBYSCORE', key, '-inf', now - keep, 'LIMIT', 0, math.min(more, 16 + #members))
    if #old > 0 then
      call('ZREM', key, unpack(old))
    end
  end
  call('PEXPIRE', key, keep + 86400000)
end
