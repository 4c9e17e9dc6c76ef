-- Reads entries of the index in the order of creation: by time, and those of the same millisecond by the bytes of the entry.
-- A place is found by counting. So it costs the same wherever it is, and however many sessions were created in that millisecond.
--
-- KEYS[1] index  ZSET  id -> when the session was created, in ms
-- ARGV[1] 1 for the newest, 0 for the oldest
-- ARGV[2] how many at most
-- ARGV[3] of sessions created at this time or later, ms; -inf for no bound
-- ARGV[4] of sessions created before this time, ms; +inf for no bound
-- ARGV[5] the time of the entry behind which to go on; absent at the beginning
-- ARGV[6] that entry, which may be gone by now; absent at the beginning
--
-- Returns {entry, its time, ...}, the oldest first, whichever are asked for

local call = redis.call
local index, newest, count = KEYS[1], ARGV[1] == '1', tonumber(ARGV[2])

local function before(time)
  return call('ZCOUNT', index, '-inf', '(' .. time)
end

-- Whether an entry precedes another one. What Lua compares by is the locale of the server.
local function precedes(one, other)
  for i = 1, math.min(#one, #other) do
    local left, right = string.byte(one, i), string.byte(other, i)
    if left ~= right then
      return left < right
    end
  end
  return #one < #other
end

local from, to = before(ARGV[3]), before(ARGV[4])
if ARGV[5] then
  local low = before(ARGV[5])
  local high = low + call('ZCOUNT', index, ARGV[5], ARGV[5])
  while low < high do
    local middle = math.floor((low + high) / 2)
    local entry = call('ZRANGE', index, middle, middle)[1]
    if precedes(entry, ARGV[6]) or (entry == ARGV[6] and not newest) then
      low = middle + 1
    else
      high = middle
    end
  end
  if newest then
    to = math.min(to, low)
  else
    from = math.max(from, low)
  end
end

if newest then
  from = math.max(from, to - count)
else
  to = math.min(to, from + count)
end
local reply = from < to and call('ZRANGE', index, from, to - 1, 'WITHSCORES') or {}

-- A replica, as a former primary is one, refuses a write that changes nothing: what was read there may be old. Any other refusal says nothing of that.
local refused = redis.pcall('ZREM', index, '')
return type(refused) == 'table' and string.find(refused.err, 'READONLY', 1, true) and refused or reply
