namespace Shadowcat.Sessions;

/// <summary>What became of a request to a cache, as the tag <c>shadowcat.sessions.cache.result</c>: a closed set.</summary>
internal static class CacheResult
{
    /// <summary>Answered from a copy.</summary>
    public const string Hit = "hit";

    /// <summary>There was no copy, or none that may be served any more.</summary>
    public const string Miss = "miss";

    /// <summary>There are no copies, because changes are not received.</summary>
    public const string Bypass = "bypass";

    public static IReadOnlyList<string> All { get; } = [Hit, Miss, Bypass];
}
