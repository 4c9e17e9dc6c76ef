namespace Shadowcat.Sessions;

/// <summary>What a circuit has become, as the tag <c>shadowcat.sessions.breaker.state</c>: a closed set.</summary>
internal static class BreakerState
{
    /// <summary>Calls to its server fail at once.</summary>
    public const string Open = "open";

    /// <summary>Its server answers again.</summary>
    public const string Closed = "closed";

    public static IReadOnlyList<string> All { get; } = [Open, Closed];
}
