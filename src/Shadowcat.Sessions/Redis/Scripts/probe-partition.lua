-- Finds out which commands may not be sent, by sending each, and whether the server takes writes. Leaves nothing behind: not even where the caller dies.
--
-- KEYS[1] probe  there is none before and after
-- ARGV[1] 1 to write, as every other script does; 0 to find out about commands only
-- ARGV[2] channel that changes are published on; empty for none
-- ARGV[3...] commands, their words with a space in between: @ for the key; + in front where it makes the key, to be sent only if something deletes it
--
-- Returns {'written'} | {'tried'} where nothing was written, each followed by two words for each command that was answered with an error: its place among ARGV[3...],
-- 0 for PUBLISH or -1 for the writing itself; and the error

local key, reply, deletion = KEYS[1], {'tried'}, nil
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
if ARGV[1] == '1' and try(-1, {'SET', key, '1', 'PX', '1'}) then
  reply[1] = 'written'
end
for i = 3, #ARGV do
  local makes = string.sub(ARGV[i], 1, 1) == '+'
  local words = {}
  for word in string.gmatch(string.sub(ARGV[i], makes and 2 or 1), '[^ ]+') do
    words[#words + 1] = word == '@' and key or word
  end
  if deletion or not makes then
    local done = try(i - 2, words)
    if done and makes then
      redis.call(deletion, key)
    elseif done and (words[1] == 'DEL' or words[1] == 'UNLINK') then
      deletion = words[1]
    end
  end
end
if ARGV[2] ~= '' then
  -- What begins so is no change: who listens to the channel passes it over.
  try(0, {'PUBLISH', ARGV[2], '? 0'})
end
return reply
