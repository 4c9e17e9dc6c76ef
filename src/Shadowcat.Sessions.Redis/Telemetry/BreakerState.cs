namespace Shadowcat.Sessions.Redis;

/// <summary>What a circuit has become, as the tag <c>shadowcat.sessions.breaker.state</c>: a closed set.</summary>
internal static class BreakerState
{
    /// <summary>The name of the tag.</summary>
    public const string Tag = "shadowcat.sessions.breaker.state";

    /// <summary>Calls to its server fail at once.</summary>
    public const string Open = "open";

    /// <summary>Its server answers again.</summary>
    public const string Closed = "closed";

    public static IReadOnlyList<string> All { get; } = [Open, Closed];
}
