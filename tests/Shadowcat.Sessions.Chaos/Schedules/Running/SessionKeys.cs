using StackExchange.Redis;

namespace Shadowcat.Sessions.Chaos.Schedules.Running;

/// <summary>The keys of the session of a schedule, found by its id, whatever the store calls them. Nothing else uses the database.</summary>
internal sealed class SessionKeys(IDatabase database, SessionId id)
{
    private const string Look = """
        local found = {}
        for _, key in ipairs(redis.call('KEYS', '*')) do
          local kind = redis.call('TYPE', key)['ok']
          local own = string.find(key, ARGV[1], 1, true) and 1 or 0
          local names = 0
          if own == 0 and kind == 'set' then
            names = redis.call('SISMEMBER', key, ARGV[1])
          elseif own == 0 and kind == 'zset' then
            names = redis.call('ZSCORE', key, ARGV[1]) and 1 or 0
          end
          found[#found + 1] = {key, kind, own, names, redis.call('PTTL', key)}
        end
        return found
        """;

    /// <summary>As it is in the moment after the deadline: the keys are gone, and the index that had a time to come says one that is over.</summary>
    private const string Expire = """
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        for _, key in ipairs(redis.call('KEYS', '*')) do
          local kind = redis.call('TYPE', key)['ok']
          if string.find(key, ARGV[1], 1, true) then
            if kind == 'hash' or kind == 'list' then
              redis.call('DEL', key)
            end
          elseif kind == 'zset' then
            local score = redis.call('ZSCORE', key, ARGV[1])
            if score and tonumber(score) > now then
              redis.call('ZADD', key, string.format('%.0f', now - 1), ARGV[1])
            end
          end
        end
        """;

    private const string Clear = """
        for _, key in ipairs(redis.call('KEYS', '*')) do
          local kind = redis.call('TYPE', key)['ok']
          if string.find(key, ARGV[1], 1, true) then
            redis.call('DEL', key)
          elseif kind == 'set' then
            redis.call('SREM', key, ARGV[1])
          elseif kind == 'zset' then
            redis.call('ZREM', key, ARGV[1])
          end
        end
        """;

    /// <summary>Ends the session as its deadline does.</summary>
    public Task ExpireAsync() => database.ScriptEvaluateAsync(Expire, values: [id.Value]);

    /// <summary>Takes away everything that the session left.</summary>
    public Task ClearAsync() => database.ScriptEvaluateAsync(Clear, values: [id.Value]);

    /// <summary>Lists the keys that are of the session, and those that may name it.</summary>
    public async Task<IReadOnlyList<SessionKey>> ReadAsync() =>
        [.. ((RedisResult[])(await database.ScriptEvaluateAsync(Look, values: [id.Value]))!).Select(key => new SessionKey(
            (string)key[0]!, (string)key[1]!, (int)key[2] == 1, (int)key[3] == 1, (long)key[4]))];
}
