-- Counts the live sessions of a partition, or names overdue entries that have to be looked at first.
-- A score is a lower bound of the deadline: where none is overdue, every entry is a live session.
--
-- KEYS[1] expiry  ZSET  id -> a lower bound of its deadline, in ms
-- ARGV[1] how many ids at most
--
-- Returns {count} | {-1, id, ...}

-- prelude.lua

local overdue = call('ZRANGEBYSCORE', KEYS[1], '-inf', int(clock()), 'LIMIT', 0, ARGV[1])
return current(#overdue == 0 and {call('ZCARD', KEYS[1])} or {-1, unpack(overdue)}, 'ZREM', KEYS[1])
