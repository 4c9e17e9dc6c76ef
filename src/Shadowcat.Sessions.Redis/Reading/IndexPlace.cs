using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The place of an entry in the index of a partition, whatever the entry is.</summary>
/// <param name="Time">Its score, as the server writes it.</param>
/// <param name="Entry">The entry.</param>
internal readonly record struct IndexPlace(RedisValue Time, RedisValue Entry)
{
    /// <summary>The place of a session.</summary>
    public static IndexPlace Of(SessionPlace place) => new(place.Created, place.Id.Value);
}
