using StackExchange.Redis;

namespace Shadowcat.Sessions;

/// <summary>Where commands go, once that is known.</summary>
internal sealed record RedisTarget(IDatabase Database, RedisLayout Layout);
