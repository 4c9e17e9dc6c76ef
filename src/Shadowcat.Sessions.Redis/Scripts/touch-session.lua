-- Notes activity: moves the deadline of session and frames. The score in the expiry index stays, as a lower bound.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST  under the token the caller knows
-- KEYS[3] active   SET
-- KEYS[4] expiry   ZSET
-- KEYS[5] index    ZSET  id -> when it was created, in ms
-- ARGV[1] token of the list as the caller knows it
-- ARGV[2] format version this client writes
-- ARGV[3] id
--
-- Returns {'touched', active, expires} | {'list', token it has, generation, sequences counted} | {'missing'} | {'format', found} | {'damaged'}

-- prelude.lua

return attempt(function()
  local session = KEYS[1]
  local h = call('HMGET', session, 'format', 'list', 'life', 'version')
  if not h[1] and call('EXISTS', session) == 0 then
    return {'missing'}
  end
  if h[1] ~= ARGV[2] then
    return {'format', h[1] or ''}
  end

  local token, _, frames = places(h[2])
  local expires, active, ttl, max, born, raw = lifetimes(h[3])
  if not (token and expires) then
    return {'damaged'}
  end
  if token ~= ARGV[1] then
    return {'list', token, string.match(h[4] or '', '^%x+') or '', int(frames)}
  end

  local now, before = clock(), expires
  active, raw = activity(now, active, raw)
  if active + ttl > expires then
    expires = deadline(active, ttl, max, born)
  end
  if expires <= now then
    -- Its greatest lifetime ends in this very millisecond.
    return {'missing'}
  end

  begin(session)
  write({'HSET', session, 'life', h[3]}, 'HSET', session, 'life', life(expires, active, ttl, max, born, raw))
  enter(KEYS[3], KEYS[4], KEYS[5], ARGV[3], before, h[4])
  if expires ~= before then
    write({'PEXPIREAT', KEYS[2], int(before)}, 'PEXPIREAT', KEYS[2], int(expires))
    call('PEXPIREAT', session, int(expires))
  end
  return {'touched', int(active), int(expires)}
end)
