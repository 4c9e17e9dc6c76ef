-- Refuses on a server that is a replica, as a former primary is one: it refuses a write, even one that changes nothing. Any other refusal says nothing of that.
--
-- KEYS[1] any HASH
-- ARGV    none
--
-- Returns nothing | the error READONLY

local refused = redis.pcall('HDEL', KEYS[1], '')
return type(refused) == 'table' and string.find(refused.err, 'READONLY', 1, true) and refused
