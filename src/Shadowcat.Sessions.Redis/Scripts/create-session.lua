-- Creates any number of sessions of one partition, each once: the same generation again is the same create, whose reply was lost.
-- Each is created or refused by itself; a refused one leaves nothing. The indexes are written last, for all of them: where that is refused, all are.
--
-- KEYS[1] active     SET   ids of live sessions
-- KEYS[2] expiry     ZSET  id -> a lower bound of its deadline, in ms
-- KEYS[3] index      ZSET  id -> when it was created, in ms
-- KEYS[4] operations ZSET  idempotency records -> when, in ms
-- KEYS    session    HASH, for each session
-- ARGV[1] format version this client writes
-- ARGV[2] how long a record stays, ms
-- ARGV[3] how long a session has to live at least that cannot end while its create is repeated, ms
-- ARGV[4] channel that the change is published on; empty for none
-- ARGV[5...] for each session:
--    id
--    generation
--    time to live, ms
--    greatest lifetime, ms; 0 for none
--    when the session began, ms; empty for now
--    the sequence its frames begin at
--    fencing token of its list
--    1 where an earlier try was not answered, else 0: that it may arrive is recorded, so that it does nothing then
--    what the application owns
--
-- Returns for each session {'created', active, expires, created, frames, first, ver} | {'same'} | {'exists'} | {'ended'} | {'refused', error}

-- prelude.lua

local stay, brief, now = tonumber(ARGV[2]), tonumber(ARGV[3]), clock()

return each(4, 1, 4, 9, function(key, argument)
  local session = KEYS[key + 1]
  local id, generation, lifetime, greatest, createdAt, first, token, repeated, description = unpack(ARGV, argument + 1, argument + 9)
  repeated = repeated == '1'
  local ended = generation .. ':' .. id
  if call('EXISTS', session) == 1 then
    if string.match(call('HGET', session, 'version') or '', '^%x+') == generation then
      return {'same'}
    end
    if repeated and call('ZSCORE', KEYS[4], ended) then
      return {'ended'}
    end
    if repeated then
      record(KEYS[4], now, stay, {ended})
    end
    return {'exists'}
  end
  if call('ZSCORE', KEYS[4], ended) then
    return {'ended'}
  end
  -- Published before the first write, so that an account that may not publish is refused before it. It is received after the script.
  if ARGV[4] ~= '' then
    call('PUBLISH', ARGV[4], '1 ' .. generation .. ' 1 ' .. id)
  end

  local expires = deadline(now, lifetime + 0, greatest + 0, now)
  local created = createdAt ~= '' and createdAt or int(now)
  write({'UNLINK', session}, 'HSET', session, 'format', ARGV[1], 'list', token .. ' ' .. first .. ' ' .. first,
    'life', life(expires, now, lifetime .. ' ' .. greatest .. ' ' .. int(now), ''), 'version', generation .. ' 1 ' .. created, 'session', description)
  if repeated or expires - now < brief then
    record(KEYS[4], now, stay, {ended})
  end
  call('PEXPIREAT', session, expires)

  note(id, expires, created)
  return {'created', now, expires, created, first, first, 1}
end, function()
  if #ids > 0 then
    write({'SREM', KEYS[1], unpack(ids)}, 'SADD', KEYS[1], unpack(ids))
    write({'ZREM', KEYS[2], unpack(ids)}, 'ZADD', KEYS[2], unpack(deadlines))
    call('ZADD', KEYS[3], unpack(creations))
  end
end)
