-- Writes how sessions are laid out, once. What was written first rules from then on.
--
-- KEYS[1] layout  HASH
-- ARGV[1] schema version
-- ARGV[2] partition count
-- ARGV[3] partition tags, separated by commas
--
-- Returns {schema, partitions, tags} as they rule, and 1 where they were written just now, else 0.

local writes = redis.call('HLEN', KEYS[1]) == 0
if writes then
  redis.call('HSET', KEYS[1], 'schema', ARGV[1], 'partitions', ARGV[2], 'tags', ARGV[3])
end
local record = redis.call('HMGET', KEYS[1], 'schema', 'partitions', 'tags')
record[4] = writes and 1 or 0
return record
