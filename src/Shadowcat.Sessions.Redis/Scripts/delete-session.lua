-- Deletes any number of sessions of one partition with everything that belongs to them, and records that, so that a late create does not revive one.
-- Reads nothing of a session but its generation and the token of its list, so what cannot be read can still be deleted.
--
-- KEYS[1] active     SET
-- KEYS[2] expiry     ZSET
-- KEYS[3] index      ZSET
-- KEYS[4] operations ZSET  idempotency records -> when, in ms
-- KEYS    for each session:
--    session  HASH
--    frames   LIST  under the token the caller knows
-- ARGV[1] how long a record stays, ms
-- ARGV[2] channel that the change is published on; empty for none
-- ARGV[3] channel that followers of sessions subscribe to
-- ARGV    for each session:
--    token of the list as the caller knows it
--    id
--    operation: random, the same when the call is repeated because its reply was lost
--
-- Returns for each session {'deleted'} where there was a live one | {'missing'} | {'list', token it has, generation, sequences counted} | {'refused', error}

-- prelude.lua

local now = clock()

return each(4, 2, 3, 3, function(key, argument)
  local session, listKey = KEYS[key + 1], KEYS[key + 2]
  local known, id, operation = unpack(ARGV, argument + 1, argument + 3)
  -- A repetition is answered even where the id is in use again: the session is another one than the call meant.
  if call('ZSCORE', KEYS[4], operation) then
    return {'deleted'}
  end
  if call('EXISTS', session) == 0 then
    -- Index entries of an expired session are left to the reaper, which reports it.
    return {'missing'}
  end

  local h = call('HMGET', session, 'version', 'list', 'followed', 'life')
  local generation = string.match(h[1] or '', '^%x+')
  local token, _, frames = places(h[2])
  if token and token ~= known then
    return {'list', token, generation or '', int(frames)}
  end
  -- Published before the first write, so that an account that may not publish is refused before it. It is received after the script.
  if ARGV[2] ~= '' then
    call('PUBLISH', ARGV[2], '1 ' .. (generation or '') .. ' 0 ' .. id)
  end

  -- It removes nothing, but shows that the record can be taken back, and lets a full server accept the record.
  call('ZREM', KEYS[4], '')
  record(KEYS[4], now, tonumber(ARGV[1]), operation, generation and generation .. ':' .. id)
  change({'SADD', KEYS[1], id}, 'SREM', KEYS[1], id)
  change({'ZADD', KEYS[2], int(lifetimes(h[4]) or 0), id}, 'ZREM', KEYS[2], id)
  change({'ZADD', KEYS[3], creation(h[1]), id}, 'ZREM', KEYS[3], id)
  call('UNLINK', session, listKey)
  if h[3] then
    -- Nobody relies on the message, so an account that may not publish it deletes all the same.
    redis.pcall('PUBLISH', ARGV[3], '1 0 ' .. id)
  end
  return {'deleted'}
end)
