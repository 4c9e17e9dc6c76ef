-- Replaces what the application owns of any number of sessions of one partition, where each still has the version and generation it was read at.
--
-- KEYS[1] active SET
-- KEYS[2] expiry ZSET  id -> a lower bound of its deadline, in ms
-- KEYS[3] index  ZSET  id -> when it was created, in ms
-- KEYS    for each session:
--    session  HASH
--    frames   LIST  under the token the caller knows
--    frames   LIST  under a token never used
-- ARGV[1] format version this client writes
-- ARGV[2] how long a record stays, ms
-- ARGV[3] channel that the change is published on; empty for none
-- ARGV[4] channel that followers of sessions subscribe to
-- ARGV    for each session:
--    1 token of the list as the caller knows it
--    2 the token never used
--    3 id
--    4 generation
--    5 version it was read at
--    6 operation: 16 digits, the same when the call is repeated because its reply was lost
--    7 time to live, ms
--    8 greatest lifetime, ms; 0 for none
--    9 what the application owns
--
-- Returns for each session {'updated', active, expires, created, frames, first, ver} | {'repeated'} | {'conflict'} | {'list', token it has, generation, sequences counted}
--    | {'missing'} | {'format', found} | {'damaged'} | {'refused', error}

-- Each update is recorded in a field of its own, named after the version that it made: a repetition knows which version that would be. So an update costs the same however
-- many there were before. Those stay that are younger than ARGV[2], and the newest eight whatever the clock says; the field 'updates' says which is the oldest.

-- prelude.lua

local now, stay = clock(), tonumber(ARGV[2])

return each(3, 3, 4, 9, function(key, argument)
  local session, listKey, newListKey = KEYS[key + 1], KEYS[key + 2], KEYS[key + 3]
  local known, unused, id, meant, read, operation = unpack(ARGV, argument + 1, argument + 6)
  local newTtl, newMax = ARGV[argument + 7] + 0, ARGV[argument + 8] + 0
  local h = call('HMGET', session, 'format', 'list', 'life', 'version', 'updates', 'followed', 'session')
  if not h[1] and call('EXISTS', session) == 0 then
    return {'missing'}
  end
  if h[1] ~= ARGV[1] then
    return {'format', h[1] or ''}
  end

  local generation, version, created = string.match(h[4] or '', '^(%x+) (%d+) (-?%d+)$')
  if generation ~= meant or version ~= read then
    if generation == meant and string.sub(call('HGET', session, 'update ' .. int(read + 1)) or '', 1, 16) == operation then
      return {'repeated'}
    end
    return {'conflict'}
  end

  -- What the store owns is left as it is, and so has to be readable.
  local token, first, frames = places(h[2])
  local expires, active, ttl, max, born, raw, fixed = lifetimes(h[3])
  if not (token and expires) then
    return {'damaged'}
  end
  if token ~= known then
    return {'list', token, generation, int(frames)}
  end
  local length = frames > first and call('LLEN', listKey) or 0
  local counted, before = frames, expires
  if length > 0 then
    frames = math.max(frames, first + length)
  end

  -- A changed lifetime counts at once, from the last activity and the creation; an update is no activity itself.
  local changesToken = max ~= newMax or ttl ~= newTtl
  if changesToken then
    if frames > counted then
      -- Frames were pushed since the last activity that was noted, but no later than a deadline is due to move.
      active = math.max(active, math.min(active + slack(ttl), now))
    end
    ttl, max = newTtl, newMax
    fixed = int(ttl) .. ' ' .. int(max) .. ' ' .. int(born)
    expires = deadline(active, ttl, max, born)
  end

  version = int(version + 1)
  local oldest, over = (h[5] or version) + 0, {}
  while #over < 2 and version - oldest >= 8 do
    local made = tonumber(string.sub(call('HGET', session, 'update ' .. int(oldest)) or '', 18))
    if made and made >= now - stay then
      break
    end
    over[#over + 1] = 'update ' .. int(oldest)
    oldest = oldest + 1
  end
  -- Published before the first write, so that an account that may not publish is refused before it. It is received after the script.
  if ARGV[3] ~= '' then
    call('PUBLISH', ARGV[3], '1 ' .. generation .. ' ' .. version .. ' ' .. id)
  end

  -- What stays as it is need not be written.
  local values, made = {'version', generation .. ' ' .. version .. ' ' .. created, 'session', ARGV[argument + 9]}, 'update ' .. version
  values[5], values[6], values[7], values[8] = made, operation .. ' ' .. int(now), 'updates', int(oldest)
  if changesToken or frames ~= counted then
    values[9], values[10], values[11], values[12] = 'list', list(changesToken and unused or token, first, frames), 'life', life(expires, active, fixed, raw)
  end
  write(function()
    return restored(session, 'list', h[2], 'life', h[3], 'version', h[4], 'updates', h[5], 'session', h[7], made, false)
  end, 'HSET', session, unpack(values))
  if #over > 0 then
    call('HDEL', session, unpack(over))
  end
  if changesToken then
    -- Writers that know the list rely on its deadline, which changes: the list gets another token.
    if length > 0 then
      write({'RENAME', newListKey, listKey}, 'RENAME', listKey, newListKey)
    end
    call('SADD', KEYS[1], id)
    call('ZADD', KEYS[3], created, id)
    write({'ZADD', KEYS[2], before, id}, 'ZADD', KEYS[2], expires, id)
    write({'PEXPIREAT', newListKey, before}, 'PEXPIREAT', newListKey, expires)
    write({'PEXPIREAT', session, before}, 'PEXPIREAT', session, expires)
  else
    note(id, expires, created)
  end
  if h[6] then
    -- It may be closed now. Nobody relies on the message, so an account that may not publish it updates all the same.
    redis.pcall('PUBLISH', ARGV[4], '1 0 ' .. id)
  end
  local kept, next = extent(first, frames, length)
  return {'updated', active, expires, created, next, kept, version}
end, function()
  enterAll(KEYS[1], KEYS[2], KEYS[3])
end)
