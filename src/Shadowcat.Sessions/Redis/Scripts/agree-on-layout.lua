-- Writes how sessions are laid out, once. What was written first rules from then on.
--
-- KEYS[1] layout  HASH
-- ARGV[1] schema version
-- ARGV[2] partition count
-- ARGV[3] partition tags, separated by commas
--
-- Returns {schema, partitions, tags} as they rule.

if redis.call('HLEN', KEYS[1]) == 0 then
  redis.call('HSET', KEYS[1], 'schema', ARGV[1], 'partitions', ARGV[2], 'tags', ARGV[3])
end
return redis.call('HMGET', KEYS[1], 'schema', 'partitions', 'tags')
