namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>In what two sessions differ, beside their messages.</summary>
internal static class SessionDifferences
{
    public static IEnumerable<RecordingDifference> Of(Session first, Session second)
    {
        (string Title, string? First, string? Second)[] facts =
        [
            ("transport", $"{first.TransportType}", $"{second.TransportType}"),
            ("client", Text(first.ClientInfo), Text(second.ClientInfo)),
            ("server", Text(first.ServerInfo), Text(second.ServerInfo)),
            ("version", first.VersionState?.Negotiated, second.VersionState?.Negotiated),

            // One that goes on has not ended otherwise.
            ("status", first.IsClosed && second.IsClosed ? $"{first.Status}" : null, first.IsClosed && second.IsClosed ? $"{second.Status}" : null),
        ];
        return facts.Where(static fact => fact.First != fact.Second)
            .Select(static fact => new RecordingDifference(DifferenceKind.Session, fact.Title) { First = fact.First, Second = fact.Second });
    }

    private static string? Text(Peer? peer) => peer is null ? null : $"{peer.Name} {peer.Version}".Trim();
}
