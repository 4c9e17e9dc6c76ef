-- Writes, as every other script does, and leaves nothing behind: not even where the caller dies.
--
-- KEYS[1] probe  STRING  there is none before and after
-- ARGV[1] what to write
--
-- Returns 'written'; the error of the server where it takes no writes

redis.call('SET', KEYS[1], ARGV[1])
redis.call('UNLINK', KEYS[1])
return 'written'
