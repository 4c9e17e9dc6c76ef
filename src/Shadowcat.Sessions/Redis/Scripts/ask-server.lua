-- Asks the server that has a partition something about itself.
--
-- KEYS[1] any key of the partition; nothing is done with it
-- ARGV    the command
--
-- Returns what was answered; '' where the account may not ask, or the server does not answer scripts

local answer = redis.pcall(unpack(ARGV))
return type(answer) == 'string' and answer or ''
