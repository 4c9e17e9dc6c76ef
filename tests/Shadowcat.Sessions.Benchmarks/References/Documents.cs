using StackExchange.Redis;

namespace Shadowcat.Sessions.Benchmarks.References;

/// <summary>Sessions as documents on Redis often are laid out: a hash with a field for each property, a list of frames, and one set of ids. Nothing is versioned, indexed by time or recorded.</summary>
internal static class Documents
{
    public static readonly TimeSpan TimeToLive = TimeSpan.FromHours(1);

    /// <summary>Creates a session in a MULTI of seven HSET, SADD and EXPIRE.</summary>
    /// <seealso href="https://redis.io/docs/latest/develop/using-commands/transactions/"/>
    public static Task<bool> CreateAsync(IDatabase database, RedisKey hash, RedisKey ids, string id)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var transaction = database.CreateTransaction();
        _ = transaction.HashSetAsync(hash, "transport", "http");
        _ = transaction.HashSetAsync(hash, "status", "active");
        _ = transaction.HashSetAsync(hash, "client", "{\"name\":\"example-client\",\"title\":\"Example Client\",\"version\":\"1.4.2\"}");
        _ = transaction.HashSetAsync(hash, "server", "{\"name\":\"example-server\",\"title\":\"Example Server\",\"version\":\"0.9.0\"}");
        _ = transaction.HashSetAsync(hash, "version", "2025-11-25");
        _ = transaction.HashSetAsync(hash, "created", now);
        _ = transaction.HashSetAsync(hash, "active", now);
        _ = transaction.SetAddAsync(ids, id);
        _ = transaction.KeyExpireAsync(hash, TimeToLive);
        return transaction.ExecuteAsync();
    }
}
