-- Creates a session, once: the same generation again is the same create, whose reply was lost.
--
-- KEYS[1] session   HASH    the session
-- KEYS[2] frames    LIST    under the name a list has at first; whatever an evicted predecessor left there goes
-- KEYS[3] active    SET     ids of live sessions
-- KEYS[4] expiry    ZSET    id -> a lower bound of its deadline, in ms
-- KEYS[5] index     ZSET    ids at score 0, for listing in the order of ids
-- KEYS[6] tombstone STRING  generation:operation of recent deletes
-- ARGV[1] id
-- ARGV[2] generation
-- ARGV[3] time to live, ms
-- ARGV[4] greatest lifetime, ms; 0 for none
-- ARGV[5] when the session began, ms; empty for now
-- ARGV[6] format version this client writes
-- ARGV[7] the sequence its frames begin at
-- ARGV[8] the name a list has at first
-- ARGV[9] a name never used
-- ARGV[10] channel that the change is published on; empty for none
-- ARGV[11] what the application owns
--
-- Returns {'created', active, expires, created, frames, first, ver} | {'same'} | {'exists'} | {'deleted'}

local version = redis.call('HGET', KEYS[1], 'version')
if version and string.match(version, '^%x+') == ARGV[2] then
  return {'same'}
end
if redis.call('EXISTS', KEYS[1]) == 1 then
  return {'exists'}
end
local tombstone = redis.call('GET', KEYS[6])
if tombstone and string.find(tombstone, ARGV[2] .. ':', 1, true) then
  return {'deleted'}
end

-- A key of another type has to be found before the first write: a script does not roll back.
redis.call('SCARD', KEYS[3])
redis.call('ZCARD', KEYS[4])
redis.call('ZCARD', KEYS[5])
-- Published before it is done, and heard after: who may not publish must find out before the first write.
if ARGV[10] ~= '' then
  redis.call('PUBLISH', ARGV[10], '1 ' .. ARGV[2] .. ' 1 ' .. ARGV[1])
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ttl, max = tonumber(ARGV[3]), tonumber(ARGV[4])
-- A little later than needed, so that not every append has to move it.
local deadline = now + ttl + math.max(1, math.min(1000, math.floor(ttl / 64)))
if max > 0 then
  deadline = math.min(deadline, now + max)
end
local created = ARGV[5]
if created == '' then
  created = string.format('%.0f', now)
end

-- Where the id was in use before, something may still be on its way to a list of that name.
local list = ARGV[8]
if tombstone or redis.call('EXISTS', KEYS[2]) == 1 then
  list = ARGV[9]
end

now = string.format('%.0f', now)
deadline = string.format('%.0f', deadline)
redis.call('HSET', KEYS[1], 'format', ARGV[6], 'list', table.concat({list, ARGV[7], ARGV[7]}, ' '),
  'life', table.concat({deadline, now, ARGV[3], ARGV[4], now}, ' '), 'version', table.concat({ARGV[2], 1, created}, ' '), 'session', ARGV[11])
redis.call('PEXPIREAT', KEYS[1], deadline)
redis.call('DEL', KEYS[2])
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('ZADD', KEYS[4], deadline, ARGV[1])
redis.call('ZADD', KEYS[5], 0, ARGV[1])
return {'created', now, deadline, created, ARGV[7], ARGV[7], 1}
