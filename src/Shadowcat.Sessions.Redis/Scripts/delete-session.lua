-- Deletes any number of sessions of one partition with everything that belongs to them, and records that, so that a late create does not revive one.
-- Reads nothing of a session but its generation and the token of its list, so what cannot be read can still be deleted.
--
-- KEYS[1] active     SET
-- KEYS[2] expiry     ZSET
-- KEYS[3] index      ZSET
-- KEYS[4] operations ZSET  idempotency records -> when, in ms
-- KEYS    for each session:
--    session  HASH
--    frames   LIST  under the token the caller knows
-- ARGV[1] how long a record stays, ms
-- ARGV[2] channel that the change is published on; empty for none
-- ARGV[3] channel that followers of sessions subscribe to
-- ARGV    for each session:
--    token of the list as the caller knows it
--    id
--    operation: random, the same when the call is repeated because its reply was lost
--
-- Returns for each session {'deleted'} where there was a live one | {'missing'} | {'list', token it has, generation, sequences counted} | {'refused', error}

-- prelude.lua

local now, stay = clock(), tonumber(ARGV[1])

-- The sessions that go, which are written last and together: their records, places in KEYS and fields. One that is meant twice goes once.
local records, keys, fields, goes = {}, {}, {}, {}

-- Gives the index of deadlines, or that of creation, its entries back.
local function entered(key, of)
  return function()
    local back = {'ZADD', key}
    for i, h in ipairs(fields) do
      back[#back + 1], back[#back + 2] = of(h), ids[i]
    end
    return back
  end
end

return each(4, 2, 3, 3, function(key, argument)
  local session = KEYS[key + 1]
  local known, id, operation = unpack(ARGV, argument + 1, argument + 3)
  -- A repetition is answered even where the id is in use again: the session is another one than the call meant.
  if call('ZSCORE', KEYS[4], operation) then
    return {'deleted'}
  end
  local h = call('HMGET', session, 'version', 'list', 'followed', 'life')
  if goes[session] or (not h[1] and call('EXISTS', session) == 0) then
    -- Index entries of an expired session are left to the reaper, which reports it.
    return {'missing'}
  end

  local generation = string.match(h[1] or '', '^%x+')
  local token, _, frames = places(h[2])
  if token and token ~= known then
    return {'list', token, generation or '', int(frames)}
  end
  -- Published before the first write, so that an account that may not publish is refused before it. It is received after the script.
  if ARGV[2] ~= '' then
    call('PUBLISH', ARGV[2], '1 ' .. (generation or '') .. ' 0 ' .. id)
  end

  goes[session] = true
  local entry = #ids + 1
  ids[entry], keys[entry], fields[entry] = id, key, h
  records[#records + 1] = operation
  records[#records + 1] = generation and generation .. ':' .. id
  return {'deleted'}
end, function()
  if #ids == 0 then
    return
  end
  -- It removes nothing, but shows that the records can be taken back, and lets a full server accept them.
  call('ZREM', KEYS[4], '')
  record(KEYS[4], now, stay, records)
  change({'SADD', KEYS[1], unpack(ids)}, 'SREM', KEYS[1], unpack(ids))
  local backInExpiry, backInIndex = entered(KEYS[2], function(h) return lifetimes(h[4]) or 0 end), entered(KEYS[3], function(h) return creation(h[1]) end)
  change(backInExpiry, 'ZREM', KEYS[2], unpack(ids))
  change(backInIndex, 'ZREM', KEYS[3], unpack(ids))
  for i, key in ipairs(keys) do
    call('UNLINK', KEYS[key + 1], KEYS[key + 2])
    if fields[i][3] then
      -- Nobody relies on the message, so an account that may not publish it deletes all the same.
      redis.pcall('PUBLISH', ARGV[3], '1 0 ' .. ids[i])
    end
  end
end)
