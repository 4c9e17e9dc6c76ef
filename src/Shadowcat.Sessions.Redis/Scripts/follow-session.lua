-- Notes that a session is followed, so that writers publish what they append. Where it was not followed, the list gets another token: a writer that pushes
-- under the old one finds no list, asks the script that appends, and learns of the follower.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST  under the token the caller knows
-- KEYS[3] frames   LIST  under a token never used
-- ARGV[1] token of the list as the caller knows it
-- ARGV[2] the token never used
-- ARGV[3] format version this client writes
-- ARGV[4] for how long the note is valid, ms
--
-- Returns {'followed'} | {'list', token it has, generation, sequences counted} | {'missing'} also where it is no session of this format

-- prelude.lua

return attempt(function()
  local session = KEYS[1]
  local h = call('HMGET', session, 'format', 'list', 'followed', 'version')
  local token, first, frames = places(h[2])
  if h[1] ~= ARGV[3] or not token then
    return {'missing'}
  end
  if token ~= ARGV[1] then
    return {'list', token, string.match(h[4] or '', '^%x+') or '', int(frames)}
  end

  local now = clock()
  local followed = tonumber(h[3] or '') or 0
  local untilText = int(math.max(followed, now + ARGV[4]))
  if followed > now then
    call('HSET', session, 'followed', untilText)
    return {'followed'}
  end

  write(restored(session, 'followed', h[3], 'list', h[2]), 'HSET', session, 'followed', untilText, 'list', list(ARGV[2], first, frames))
  if call('EXISTS', KEYS[2]) == 1 then
    call('RENAME', KEYS[2], KEYS[3])
  end
  return {'followed'}
end)
