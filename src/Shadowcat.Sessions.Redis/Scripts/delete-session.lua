-- Deletes a session with everything that belongs to it, and records that, so that a late create does not revive it.
-- Reads nothing of the session but its generation and the token of its list, so what cannot be read can still be deleted.
--
-- KEYS[1] session    HASH
-- KEYS[2] frames     LIST  under the token the caller knows
-- KEYS[3] active     SET
-- KEYS[4] expiry     ZSET
-- KEYS[5] index      ZSET  id -> when it was created, in ms
-- KEYS[6] operations ZSET  idempotency records -> when, in ms
-- ARGV[1] token of the list as the caller knows it
-- ARGV[2] id
-- ARGV[3] operation: random, the same when the call is repeated because its reply was lost
-- ARGV[4] how long a record stays, ms
-- ARGV[5] channel that the change is published on; empty for none
-- ARGV[6] channel that followers of sessions subscribe to
--
-- Returns {'deleted'} where there was a live session | {'missing'} | {'list', token it has, generation, sequences counted}

-- prelude.lua

return attempt(function()
  local session, id = KEYS[1], ARGV[2]
  -- A repetition is answered even where the id is in use again: the session is another one than the call meant.
  if call('ZSCORE', KEYS[6], ARGV[3]) then
    return {'deleted'}
  end
  if call('EXISTS', session) == 0 then
    -- Index entries of an expired session are left to the reaper, which reports it.
    return {'missing'}
  end

  local h = call('HMGET', session, 'version', 'list', 'followed', 'life')
  local generation = string.match(h[1] or '', '^%x+')
  local token, _, frames = places(h[2])
  if token and token ~= ARGV[1] then
    return {'list', token, generation or '', int(frames)}
  end
  -- Published before the first write, so that an account that may not publish is refused before it. It is received after the script.
  if ARGV[5] ~= '' then
    call('PUBLISH', ARGV[5], '1 ' .. (generation or '') .. ' 0 ' .. id)
  end

  -- It removes nothing, but shows that the record can be taken back, and lets a full server accept the record.
  call('ZREM', KEYS[6], '')
  record(KEYS[6], clock(), tonumber(ARGV[4]), ARGV[3], generation and generation .. ':' .. id)
  change({'SADD', KEYS[3], id}, 'SREM', KEYS[3], id)
  change({'ZADD', KEYS[4], int(lifetimes(h[4]) or 0), id}, 'ZREM', KEYS[4], id)
  change({'ZADD', KEYS[5], creation(h[1]), id}, 'ZREM', KEYS[5], id)
  call('UNLINK', session, KEYS[2])
  if h[3] then
    -- Nobody relies on the message, so an account that may not publish it deletes all the same.
    redis.pcall('PUBLISH', ARGV[6], '1 0 ' .. id)
  end
  return {'deleted'}
end)
