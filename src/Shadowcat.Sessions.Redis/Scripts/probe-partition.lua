-- Finds out which commands may not be sent, by sending each, and whether the server takes writes. Leaves nothing behind: not even where the caller dies.
--
-- KEYS[1] probe  there is none before and after
-- ARGV[1] 1 to write, as every other script does; 0 to find out about commands only
-- ARGV[2] channel that changes are published on; empty for none
-- ARGV[3...] commands, their words with a space in between: @ for the key; + in front where it makes the key, to be sent only if something deletes it
--
-- Returns {'written', policy} | {'tried', policy} where nothing was written: what the server does when its memory is full, '' where it does not say. Behind them two words for
-- each command that was answered with an error: its place among ARGV[3...], 0 for PUBLISH or -1 for the writing itself; and the error

local reply, deletes = {'tried', ''}, false
local memory = redis.pcall('INFO', 'memory')
if type(memory) == 'string' then
  reply[2] = string.match(memory, 'maxmemory_policy:([%w-]+)') or ''
end

local function try(place, words)
  local answer = redis.pcall(unpack(words))
  if type(answer) == 'table' and answer.err then
    reply[#reply + 1] = place
    reply[#reply + 1] = answer.err
    return false
  end
  return true
end

-- First: a server that is full lets a script go on that has written anything, be it a deletion. What nobody may delete is gone in a moment.
if ARGV[1] == '1' and try(-1, {'SET', KEYS[1], '1', 'PX', '1'}) then
  reply[1] = 'written'
end
for i = 3, #ARGV do
  local makes = string.sub(ARGV[i], 1, 1) == '+'
  local words = {}
  for word in string.gmatch(string.sub(ARGV[i], makes and 2 or 1), '[^ ]+') do
    words[#words + 1] = word == '@' and KEYS[1] or word
  end
  if deletes or not makes then
    local done = try(i - 2, words)
    if done and makes then
      redis.call('UNLINK', KEYS[1])
    end
    deletes = deletes or (done and words[1] == 'UNLINK')
  end
end
if ARGV[2] ~= '' then
  -- What begins so is no change: who listens to the channel passes it over.
  try(0, {'PUBLISH', ARGV[2], '? 0'})
end
return reply
