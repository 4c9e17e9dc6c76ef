-- Deletes a session with everything that belongs to it, and leaves a tombstone so that a late create does not revive it.
-- Reads nothing of the session but its generation and the name of its list, so what cannot be read can still be deleted.
--
-- KEYS[1] session   HASH
-- KEYS[2] frames    LIST  under the name the caller knows
-- KEYS[3] active    SET
-- KEYS[4] expiry    ZSET
-- KEYS[5] index     ZSET
-- KEYS[6] tombstone STRING  generation:operation of recent deletes, newest first
-- ARGV[1] name of the list as the caller knows it
-- ARGV[2] id
-- ARGV[3] operation: random, the same when the call is repeated because its reply was lost
-- ARGV[4] how long the tombstone stays, ms
-- ARGV[5] channel that the change is published on; empty for none
-- ARGV[6] channel that followers of sessions listen to
--
-- Returns {'deleted'} where there was a live session | {'missing'} | {'list', name it has}

-- A repetition is over even where the id is in use again: the session of now is not the one that was to go.
local tombstone = redis.call('GET', KEYS[6]) or ''
if string.find(tombstone, ':' .. ARGV[3], 1, true) then
  return {'deleted'}
end
if redis.call('EXISTS', KEYS[1]) == 0 then
  -- Index entries of an expired session are left for the reaper, who tells of it.
  return {'missing'}
end

local h = redis.call('HMGET', KEYS[1], 'version', 'list', 'followed')
local generation, list = string.match(h[1] or '', '^%x+') or '', string.match(h[2] or '', '^%S+')
if list and list ~= ARGV[1] then
  return {'list', list}
end
redis.call('SCARD', KEYS[3])
redis.call('ZCARD', KEYS[4])
redis.call('ZCARD', KEYS[5])
-- Published before it is done, and heard after: who may not publish must find out before the first write.
if ARGV[5] ~= '' then
  redis.call('PUBLISH', ARGV[5], '1 ' .. generation .. ' 0 ' .. ARGV[2])
end

-- Deleting comes first: a server at its memory limit allows it, and then also the tombstone.
redis.call('UNLINK', KEYS[1], KEYS[2])
if h[3] then
  -- Nobody relies on hearing it, so who may not publish it deletes all the same.
  redis.pcall('PUBLISH', ARGV[6], '1 0 ' .. ARGV[2])
end
redis.call('SREM', KEYS[3], ARGV[2])
redis.call('ZREM', KEYS[4], ARGV[2])
redis.call('ZREM', KEYS[5], ARGV[2])
local entry = generation .. ':' .. ARGV[3] .. ' '
redis.call('SET', KEYS[6], entry .. string.sub(tombstone, 1, #entry * 15), 'PX', ARGV[4])
return {'deleted'}
