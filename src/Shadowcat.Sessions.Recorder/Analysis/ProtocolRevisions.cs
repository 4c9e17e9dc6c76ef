namespace Shadowcat.Sessions.Recorder.Analysis;

/// <summary>The revisions of MCP.</summary>
/// <seealso href="https://modelcontextprotocol.io/specification/2026-07-28/basic/versioning"/>
internal static class ProtocolRevisions
{
    /// <summary>The only one that has batches.</summary>
    public const string WithBatches = "2025-03-26";

    /// <summary>The first without a handshake: every request names its version, and ids may be used again once they are answered.</summary>
    public const string FirstWithoutHandshake = "2026-07-28";

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal) { "2024-11-05", WithBatches, "2025-06-18", "2025-11-25", FirstWithoutHandshake };

    public static bool IsKnown(string version) => Known.Contains(version);

    /// <summary>Whether a version is one without a handshake.</summary>
    public static bool HasNoHandshake(string? version) => string.CompareOrdinal(version, FirstWithoutHandshake) >= 0;
}
