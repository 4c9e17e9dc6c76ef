-- Replaces what the application owns of a session, if it still has the version and generation it was read at.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST  under the token the caller knows
-- KEYS[3] frames   LIST  under a token never used
-- KEYS[4] active   SET
-- KEYS[5] expiry   ZSET  id -> a lower bound of its deadline, in ms
-- KEYS[6] index    ZSET  id -> when it was created, in ms
-- ARGV[1] token of the list as the caller knows it
-- ARGV[2] the token never used
-- ARGV[3] id
-- ARGV[4] format version this client writes
-- ARGV[5] generation
-- ARGV[6] version it was read at
-- ARGV[7] operation: 16 digits, the same when the call is repeated because its reply was lost
-- ARGV[8] how long a record stays, ms
-- ARGV[9] time to live, ms
-- ARGV[10] greatest lifetime, ms; 0 for none
-- ARGV[11] channel that the change is published on; empty for none
-- ARGV[12] channel that followers of sessions subscribe to
-- ARGV[13] what the application owns
--
-- Returns {'updated', active, expires, created, frames, first, ver} | {'repeated'} | {'conflict'} | {'list', token it has, generation, sequences counted} | {'missing'}
--    | {'format', found} | {'damaged'}

-- Each update is recorded in a field of its own, named after the version that it made: a repetition knows which version that would be. So an update costs the same however
-- many there were before. Those stay that are younger than ARGV[8], and the newest eight whatever the clock says; the field 'updates' says which is the oldest.

-- prelude.lua

return attempt(function()
  local session, id, unused = KEYS[1], ARGV[3], ARGV[2]
  local h = call('HMGET', session, 'format', 'list', 'life', 'version', 'updates', 'followed', 'session')
  if not h[1] and call('EXISTS', session) == 0 then
    return {'missing'}
  end
  if h[1] ~= ARGV[4] then
    return {'format', h[1] or ''}
  end

  local generation, version, created = string.match(h[4] or '', '^(%x+) (%d+) (-?%d+)$')
  if generation ~= ARGV[5] or version ~= ARGV[6] then
    if generation == ARGV[5] and string.sub(call('HGET', session, 'update ' .. int(ARGV[6] + 1)) or '', 1, 16) == ARGV[7] then
      return {'repeated'}
    end
    return {'conflict'}
  end

  -- What the store owns is left as it is, and so has to be readable.
  local token, first, frames = places(h[2])
  local expires, active, ttl, max, born, raw = lifetimes(h[3])
  if not (token and expires) then
    return {'damaged'}
  end
  if token ~= ARGV[1] then
    return {'list', token, generation, int(frames)}
  end
  local length = frames > first and call('LLEN', KEYS[2]) or 0
  local counted, now, before = frames, clock(), expires
  if length > 0 then
    frames = math.max(frames, first + length)
  end

  -- A changed lifetime counts at once, from the last activity and the creation; an update is no activity itself.
  local changesToken = max ~= tonumber(ARGV[10]) or ttl ~= tonumber(ARGV[9])
  if changesToken then
    if frames > counted then
      -- Frames were pushed since the last activity that was noted, but no later than a deadline is due to move.
      active = math.max(active, math.min(active + slack(ttl), now))
    end
    ttl, max = tonumber(ARGV[9]), tonumber(ARGV[10])
    expires = deadline(active, ttl, max, born)
  end

  version = int(version + 1)
  local oldest, over = tonumber(h[5] or version), {}
  while #over < 2 and version - oldest >= 8 do
    local made = tonumber(string.sub(call('HGET', session, 'update ' .. int(oldest)) or '', 18))
    if made and made >= now - tonumber(ARGV[8]) then
      break
    end
    over[#over + 1] = 'update ' .. int(oldest)
    oldest = oldest + 1
  end
  -- Published before the first write, so that an account that may not publish is refused before it. It is received after the script.
  if ARGV[11] ~= '' then
    call('PUBLISH', ARGV[11], '1 ' .. generation .. ' ' .. version .. ' ' .. id)
  end

  local back = restored(session, 'list', h[2], 'life', h[3], 'version', h[4], 'updates', h[5], 'session', h[7], 'update ' .. version, false)
  write(back, 'HSET', session, 'list', list(changesToken and unused or token, first, frames),
    'life', life(expires, active, ttl, max, born, raw), 'version', table.concat({generation, version, created}, ' '),
    'updates', int(oldest), 'update ' .. version, ARGV[7] .. ' ' .. int(now), 'session', ARGV[13])
  if #over > 0 then
    call('HDEL', session, unpack(over))
  end
  if changesToken then
    -- Writers that know the list rely on its deadline, which changes: the list gets another token.
    if length > 0 then
      write({'RENAME', KEYS[3], KEYS[2]}, 'RENAME', KEYS[2], KEYS[3])
    end
    call('SADD', KEYS[4], id)
    call('ZADD', KEYS[6], created, id)
    write({'ZADD', KEYS[5], int(before), id}, 'ZADD', KEYS[5], int(expires), id)
    call('PEXPIREAT', KEYS[3], int(expires))
    call('PEXPIREAT', session, int(expires))
  else
    enter(KEYS[4], KEYS[5], KEYS[6], id, expires, h[4])
  end
  if h[6] then
    -- It may be closed now. Nobody relies on the message, so an account that may not publish it updates all the same.
    redis.pcall('PUBLISH', ARGV[12], '1 0 ' .. id)
  end
  local kept, next = extent(first, frames, length)
  return {'updated', int(active), int(expires), created, int(next), int(kept), version}
end)
