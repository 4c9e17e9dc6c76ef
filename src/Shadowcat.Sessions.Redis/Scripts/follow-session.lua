-- Notes that a session is followed, so that writers publish what they append. Where it was not followed, the list gets another token: a writer that pushes
-- under the old one finds no list, asks the script that appends, and learns of the follower.
--
-- KEYS for each session:
--    session  HASH
--    frames   LIST  under the token the caller knows
--    frames   LIST  under a token never used
-- ARGV[1] format version this client writes
-- ARGV[2] for how long the note is valid, ms
-- ARGV for each session:
--    token of the list as the caller knows it
--    the token never used
--
-- Returns for each session {'followed'} | {'list', token it has, generation, sequences counted} | {'missing'} also where it is no session of this format | {'refused', error}

-- prelude.lua

local now = clock()

return each(0, 3, 2, 2, function(key, argument)
  local session, listKey, newListKey = KEYS[key + 1], KEYS[key + 2], KEYS[key + 3]
  local h = call('HMGET', session, 'format', 'list', 'followed', 'version')
  local token, first, frames = places(h[2])
  if h[1] ~= ARGV[1] or not token then
    return {'missing'}
  end
  if token ~= ARGV[argument + 1] then
    return {'list', token, string.match(h[4] or '', '^%x+') or '', int(frames)}
  end

  local followed = tonumber(h[3] or '') or 0
  local untilText = int(math.max(followed, now + ARGV[2]))
  if followed > now then
    call('HSET', session, 'followed', untilText)
    return {'followed'}
  end

  write(restored(session, 'followed', h[3], 'list', h[2]), 'HSET', session, 'followed', untilText, 'list', list(ARGV[argument + 2], first, frames))
  if call('EXISTS', listKey) == 1 then
    call('RENAME', listKey, newListKey)
  end
  return {'followed'}
end)
