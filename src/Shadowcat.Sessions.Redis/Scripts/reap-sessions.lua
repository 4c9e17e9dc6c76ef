-- Looks at entries of the indexes: removes those whose session is gone, and corrects those of live sessions.
--
-- KEYS[1] active   SET
-- KEYS[2] expiry   ZSET  id -> a lower bound of its deadline, in ms
-- KEYS[3] index    ZSET  id -> when it was created, in ms
-- KEYS[4] reaped   LIST  what this call removed, for a repetition whose first reply was lost
-- KEYS[5] reaped   LIST  of the call before, whose reply has arrived
-- KEYS[6...] session HASH for each id
-- ARGV[1] how long what was removed is kept for a repetition, ms
-- ARGV[2...] the ids
--
-- Returns the ids that this call, and no other, removed from the indexes.

-- prelude.lua

-- The field of a session that says when it was created; none where the key holds something else.
local function version(session)
  local field = redis.pcall('HGET', session, 'version')
  if type(field) ~= 'table' then
    return field
  elseif not string.find(field.err, 'WRONGTYPE', 1, true) then
    error(field)
  end
end

return attempt(function()
  -- First, so that a server at its memory limit accepts the rest too, and a replica nothing.
  call('UNLINK', KEYS[5])
  local before = call('LRANGE', KEYS[4], 0, -1)
  if #before > 0 then
    return before
  end

  local now, reaped = clock(), {}
  for i = 2, #ARGV do
    local id, session = ARGV[i], KEYS[i + 4]
    local left, score = call('PTTL', session), call('ZSCORE', KEYS[2], id)
    if left == -2 then
      local created = call('ZSCORE', KEYS[3], id)
      local gone = change({'SADD', KEYS[1], id}, 'SREM', KEYS[1], id)
        + change(created and {'ZADD', KEYS[3], created, id}, 'ZREM', KEYS[3], id)
        + change(score and {'ZADD', KEYS[2], score, id}, 'ZREM', KEYS[2], id)
      if gone > 0 then
        reaped[#reaped + 1] = id
      end
    else
      if left == -1 then
        -- Another client has removed the expiry. The session gets one again, or it would stay for ever.
        left = 60000
        call('PEXPIRE', session, left)
      end
      call('SADD', KEYS[1], id)
      call('ZADD', KEYS[3], creation(version(session)), id)
      write(score and {'ZADD', KEYS[2], score, id}, 'ZADD', KEYS[2], int(now + left), id)
    end
  end
  if #reaped > 0 then
    write({'UNLINK', KEYS[4]}, 'RPUSH', KEYS[4], unpack(reaped))
    call('PEXPIRE', KEYS[4], ARGV[1])
  end
  return reaped
end)
