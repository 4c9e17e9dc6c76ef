-- Deletes the oldest frames of a session, a bounded number at a time, or all of them at once. The rest gets another token, because
-- places in the list mean other sequences then.
--
-- KEYS[1] session  HASH
-- KEYS[2] frames   LIST  under the token the caller knows
-- KEYS[3] frames   LIST  under a token never used
-- ARGV[1] token of the list as the caller knows it
-- ARGV[2] the token never used
-- ARGV[3] format version this client writes
-- ARGV[4] frames below this sequence go
-- ARGV[5] how many at most, where not all go
-- ARGV[6] operation: 16 digits, the same when the call is repeated because its reply was lost
-- ARGV[7] how long the record of an operation stays, ms
-- ARGV[8] generation that is meant; empty for the one there is
--
-- Returns {'deleted', how many, 1 when more are left to delete} | {'list', token it has, generation, sequences counted} | {'missing'} | {'format', found} | {'damaged'}

-- prelude.lua

return attempt(function()
  local session = KEYS[1]
  local h = call('HMGET', session, 'format', 'list', 'size', 'ops', 'version')
  if not h[1] and call('EXISTS', session) == 0 then
    return {'missing'}
  end
  if h[1] ~= ARGV[3] then
    return {'format', h[1] or ''}
  end

  local generation = string.match(h[5] or '', '^%x+') or ''
  if ARGV[8] ~= '' and ARGV[8] ~= generation then
    return {'missing'}
  end
  local ops = h[4] or ''
  local answer = recall(ops, ARGV[6])
  if answer then
    return {'deleted', math.floor(answer / 2), answer % 2}
  end
  local token, first, frames = places(h[2])
  local bytes, counted = string.match(h[3] or '0 0', '^(%d+) (%d+)$')
  if not (token and bytes) then
    return {'damaged'}
  end
  if token ~= ARGV[1] then
    return {'list', token, generation, int(frames)}
  end

  bytes, counted = tonumber(bytes), tonumber(counted)
  local length = frames > first and call('LLEN', KEYS[2]) or 0
  if length > 0 and first + length < frames then
    return {'damaged'}
  end
  local oldest, next, lost = extent(first, frames, length)
  local before = tonumber(ARGV[4])
  local all = lost or before >= next
  local deleted = all and length or math.max(0, math.min(before, first + ARGV[5], next) - first)
  local kept = all and next or first + deleted
  local more = not all and kept < before
  if deleted > 0 and not all and h[3] then
    -- The bytes of the deleted frames that were counted.
    for page = 0, math.min(deleted, counted - first) - 1, 64 do
      for _, frame in ipairs(call('LRANGE', KEYS[2], page, math.min(page + 63, deleted - 1, counted - first - 1))) do
        bytes = bytes - #frame
      end
    end
  end

  local changesToken = all or deleted > 0
  local values = {'list', list(changesToken and ARGV[2] or token, kept, all and kept or math.max(frames, next)),
    'ops', remember(ops, ARGV[6], deleted * 2 + (more and 1 or 0), clock(), tonumber(ARGV[7]))}
  if h[3] then
    values[5], values[6] = 'size', string.format('%.0f %.0f', all and 0 or bytes, math.max(counted, kept))
  end
  begin(session)
  write(restored(session, 'list', h[2], 'ops', h[4], 'size', h[3]), 'HSET', session, unpack(values))
  if all then
    call('UNLINK', KEYS[2])
  elseif changesToken then
    write({'RENAME', KEYS[3], KEYS[2]}, 'RENAME', KEYS[2], KEYS[3])
    call('LTRIM', KEYS[3], deleted, -1)
  end
  return {'deleted', deleted, more and 1 or 0}
end)
