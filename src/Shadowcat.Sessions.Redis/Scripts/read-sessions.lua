-- Reads any number of sessions of one partition, as they all are at one moment. The keys' own time to live is the deadline, so what is there is alive.
--
-- KEYS session HASH, frames LIST under the token the caller knows, for each session
-- ARGV the place in the keys of lists at which the token begins
--
-- Returns for each session nil where there is none | its fields in the order below, and the length of the list | {list, version} where the list has another token
--   | 0 where a key is of another type

-- Without the prelude: most calls are of one session, and would pay for making functions that are not used here.
local call, pcall = redis.call, redis.pcall
local reply, token = {}, tonumber(ARGV[1])
for key = 1, #KEYS, 2 do
  local answer, length = pcall('HMGET', KEYS[key], 'format', 'list', 'life', 'version', 'session'), nil
  local failure, first, frames = answer.err and answer, nil, nil
  if not failure and answer[2] then
    if string.sub(KEYS[key + 1], token, token + 15) == string.sub(answer[2], 1, 16) then
      length = pcall('LLEN', KEYS[key + 1])
      failure = type(length) == 'table' and length
    else
      -- A session whose frames are all gone, or yet to come, has no list, whatever its token.
      first, frames = string.match(answer[2], '^%x+ (%d+) (%d+)$')
    end
  end
  if failure then
    -- A command that the account may not run concerns the whole call, a key of another type its session only.
    if not string.find(failure.err, 'WRONGTYPE', 1, true) then
      return failure
    end
    answer = 0
  elseif length then
    answer[6] = length
  elseif first and first ~= frames then
    answer = {answer[2], answer[4]}
  elseif not answer[1] and call('EXISTS', KEYS[key]) == 0 then
    answer = false
  else
    answer[6] = 0
  end
  reply[(key + 1) / 2] = answer
end

-- A replica, as a former primary is one, refuses a write that changes nothing: what was read there may be old. Any other refusal says nothing of that.
local refused = redis.pcall('HDEL', KEYS[1], '')
return type(refused) == 'table' and string.find(refused.err, 'READONLY', 1, true) and refused or reply
