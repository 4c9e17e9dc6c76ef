-- Deletes the oldest frames of a session, a bounded number at a time, or all of them at once. The rest gets another token, because
-- places in the list mean other sequences then.
--
-- KEYS for each session:
--    session  HASH
--    frames   LIST  under the token the caller knows
--    frames   LIST  under a token never used
-- ARGV[1] format version this client writes
-- ARGV[2] how many frames of a session at most, where not all go
-- ARGV[3] how long the record of an operation stays, ms
-- ARGV for each session:
--    1 token of the list as the caller knows it
--    2 the token never used
--    3 frames below this sequence go
--    4 operation: 16 digits, the same when the call is repeated because its reply was lost
--    5 generation that is meant; empty for the one there is
--
-- Returns for each session {'deleted', how many, 1 when more are left to delete, the oldest sequence kept; none for a repetition} | {'list', token it has, generation, sequences counted} | {'missing'} | {'format', found} | {'damaged'}
--    | {'refused', error}

-- prelude.lua

local now = clock()

return each(0, 3, 3, 5, function(key, argument)
  local session, listKey, newListKey = KEYS[key + 1], KEYS[key + 2], KEYS[key + 3]
  local known, unused, below, operation, meant = unpack(ARGV, argument + 1, argument + 5)
  local h = call('HMGET', session, 'format', 'list', 'size', 'ops', 'version')
  if not h[1] and call('EXISTS', session) == 0 then
    return {'missing'}
  end
  if h[1] ~= ARGV[1] then
    return {'format', h[1] or ''}
  end

  local generation = string.match(h[5] or '', '^%x+') or ''
  if meant ~= '' and meant ~= generation then
    return {'missing'}
  end
  local ops = h[4] or ''
  local answer = recall(ops, operation)
  if answer then
    return {'deleted', math.floor(answer / 2), answer % 2}
  end
  local token, first, frames = places(h[2])
  local bytes, counted = string.match(h[3] or '0 0', '^(%d+) (%d+)$')
  if not (token and bytes) then
    return {'damaged'}
  end
  if token ~= known then
    return {'list', token, generation, int(frames)}
  end

  bytes, counted = tonumber(bytes), tonumber(counted)
  local length = frames > first and call('LLEN', listKey) or 0
  if length > 0 and first + length < frames then
    return {'damaged'}
  end
  local oldest, next, lost = extent(first, frames, length)
  local before = tonumber(below)
  local all = lost or before >= next
  local deleted = all and length or math.max(0, math.min(before, first + ARGV[2], next) - first)
  local kept = all and next or first + deleted
  local more = not all and kept < before
  if deleted > 0 and not all and h[3] then
    -- The bytes of the deleted frames that were counted.
    for page = 0, math.min(deleted, counted - first) - 1, 64 do
      for _, frame in ipairs(call('LRANGE', listKey, page, math.min(page + 63, deleted - 1, counted - first - 1))) do
        bytes = bytes - #frame
      end
    end
  end

  local changesToken = all or deleted > 0
  local values = {'list', list(changesToken and unused or token, kept, all and kept or math.max(frames, next)),
    'ops', remember(ops, operation, deleted * 2 + (more and 1 or 0), now, tonumber(ARGV[3]))}
  if h[3] then
    values[5], values[6] = 'size', string.format('%.0f %.0f', all and 0 or bytes, math.max(counted, kept))
  end
  begin(session)
  write(restored(session, 'list', h[2], 'ops', h[4], 'size', h[3]), 'HSET', session, unpack(values))
  if all then
    call('UNLINK', listKey)
  elseif changesToken then
    write({'RENAME', newListKey, listKey}, 'RENAME', listKey, newListKey)
    call('LTRIM', newListKey, deleted, -1)
  end
  return {'deleted', deleted, more and 1 or 0, kept}
end)
