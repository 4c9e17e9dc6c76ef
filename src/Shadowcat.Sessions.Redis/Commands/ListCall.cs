using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>What a caller asks of a <see cref="ListScript"/>.</summary>
/// <param name="Id">The session.</param>
/// <param name="List">Its list, as far as it is known.</param>
/// <param name="Shared">The arguments that all sessions share.</param>
/// <param name="Own">Its own arguments, behind the tokens.</param>
internal sealed record ListCall(SessionId Id, KnownList List, RedisValue[] Shared, RedisValue[] Own);
