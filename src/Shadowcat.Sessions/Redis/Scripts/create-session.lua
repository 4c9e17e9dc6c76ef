-- Creates a session, once: the same generation again is the same create, whose reply was lost.
--
-- KEYS[1] session    HASH  the session
-- KEYS[2] active     SET   ids of live sessions
-- KEYS[3] expiry     ZSET  id -> a lower bound of its deadline, in ms
-- KEYS[4] index      ZSET  ids at score 0, for listing in the order of ids
-- KEYS[5] operations ZSET  idempotency records -> when, in ms
-- ARGV[1] id
-- ARGV[2] generation
-- ARGV[3] time to live, ms
-- ARGV[4] greatest lifetime, ms; 0 for none
-- ARGV[5] when the session began, ms; empty for now
-- ARGV[6] format version this client writes
-- ARGV[7] the sequence its frames begin at
-- ARGV[8] fencing token of its list
-- ARGV[9] how long a record stays, ms
-- ARGV[10] how long a session has to live at least that cannot end while its create is repeated, ms
-- ARGV[11] 1 where an earlier try was not answered, else 0: that it may arrive is recorded, so that it does nothing then
-- ARGV[12] channel that the change is published on; empty for none
-- ARGV[13] what the application owns
--
-- Returns {'created', active, expires, created, frames, first, ver} | {'same'} | {'exists'} | {'ended'}

-- prelude.lua

return attempt(function()
  local session, id, generation = KEYS[1], ARGV[1], ARGV[2]
  local ttl, max, repeated = tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[11] == '1'
  local version = call('HGET', session, 'version')
  if version and string.match(version, '^%x+') == generation then
    return {'same'}
  end
  if call('EXISTS', session) == 1 then
    if repeated then
      record(KEYS[5], clock(), tonumber(ARGV[9]), generation .. ':' .. id)
    end
    return {'exists'}
  end
  if call('ZSCORE', KEYS[5], generation .. ':' .. id) then
    return {'ended'}
  end
  -- Published before it is done, and received after: who may not publish must find out before the first write.
  if ARGV[12] ~= '' then
    call('PUBLISH', ARGV[12], '1 ' .. generation .. ' 1 ' .. id)
  end

  local now = clock()
  local expires, nowText = deadline(now, ttl, max, now), int(now)
  local created = ARGV[5] ~= '' and ARGV[5] or nowText
  write({'UNLINK', session}, 'HSET', session, 'format', ARGV[6], 'list', table.concat({ARGV[8], ARGV[7], ARGV[7]}, ' '),
    'life', life(expires, now, ttl, max, now, ''), 'version', table.concat({generation, 1, created}, ' '), 'session', ARGV[13])
  write({'SREM', KEYS[2], id}, 'SADD', KEYS[2], id)
  write({'ZREM', KEYS[3], id}, 'ZADD', KEYS[3], int(expires), id)
  write({'ZREM', KEYS[4], id}, 'ZADD', KEYS[4], 0, id)
  if repeated or expires - now < tonumber(ARGV[10]) then
    record(KEYS[5], now, tonumber(ARGV[9]), generation .. ':' .. id)
  end
  call('PEXPIREAT', session, int(expires))
  return {'created', nowText, int(expires), created, ARGV[7], ARGV[7], 1}
end)
