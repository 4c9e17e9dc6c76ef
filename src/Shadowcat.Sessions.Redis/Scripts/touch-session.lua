-- Notes activity of any number of sessions of one partition: moves the deadline of session and frames. The score in the expiry index stays, as a lower bound.
--
-- KEYS[1] active SET
-- KEYS[2] expiry ZSET
-- KEYS[3] index  ZSET  id -> when it was created, in ms
-- KEYS    for each session:
--    session  HASH
--    frames   LIST  under the token the caller knows
-- ARGV[1] format version this client writes
-- ARGV    for each session:
--    token of the list as the caller knows it
--    id
--
-- Returns for each session {'touched', active, expires} | {'list', token it has, generation, sequences counted} | {'missing'} | {'format', found} | {'damaged'} | {'refused', error}

-- prelude.lua

local now = clock()

return each(3, 2, 1, 2, function(key, argument)
  local session, listKey, id = KEYS[key + 1], KEYS[key + 2], ARGV[argument + 2]
  local h = call('HMGET', session, 'format', 'list', 'life', 'version')
  if not h[1] and call('EXISTS', session) == 0 then
    return {'missing'}
  end
  if h[1] ~= ARGV[1] then
    return {'format', h[1] or ''}
  end

  local token, _, frames = places(h[2])
  local expires, active, ttl, max, born, raw, fixed = lifetimes(h[3])
  if not (token and expires) then
    return {'damaged'}
  end
  if token ~= ARGV[argument + 1] then
    return {'list', token, string.match(h[4] or '', '^%x+') or '', int(frames)}
  end

  local before = expires
  active, raw = activity(now, active, raw)
  if active + ttl > expires then
    expires = deadline(active, ttl, max, born)
  end
  if expires <= now then
    -- Its greatest lifetime ends in this very millisecond.
    return {'missing'}
  end

  begin(session)
  write({'HSET', session, 'life', h[3]}, 'HSET', session, 'life', life(expires, active, fixed, raw))
  note(id, before, creation(h[4]))
  if expires ~= before then
    write({'PEXPIREAT', listKey, before}, 'PEXPIREAT', listKey, expires)
    write({'PEXPIREAT', session, before}, 'PEXPIREAT', session, expires)
  end
  return {'touched', active, expires}
end, function()
  enterAll(KEYS[1], KEYS[2], KEYS[3])
end)
