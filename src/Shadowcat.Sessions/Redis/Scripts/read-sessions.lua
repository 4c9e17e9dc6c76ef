-- Reads any number of sessions of one partition, as they all are at one moment. The keys' own time to live is the deadline, so what is there is alive.
--
-- KEYS session HASH, frames LIST under the name the caller knows, for each session
-- ARGV none
--
-- Returns for each session nil where there is none | its fields in the order below, and the length of the list | 0 where a key is of another type

local call, pcall = redis.call, redis.pcall
local reply = {}
for key = 1, #KEYS, 2 do
  local answer = pcall('HMGET', KEYS[key], 'format', 'list', 'life', 'version', 'session')
  local length = pcall('LLEN', KEYS[key + 1])
  local failure = answer.err and answer or type(length) == 'table' and length
  if failure then
    -- What the account may not do concerns the whole call, a key of another type its session only.
    if not string.find(failure.err, 'WRONGTYPE', 1, true) then
      return failure
    end
    answer = 0
  elseif not answer[1] and call('EXISTS', KEYS[key]) == 0 then
    answer = false
  else
    answer[#answer + 1] = length
  end
  reply[(key + 1) / 2] = answer
end
return reply
