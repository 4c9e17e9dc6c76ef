namespace Shadowcat.Sessions.Mcp;

/// <summary>Makes the session of a connection.</summary>
internal static class RecordedConnection
{
    public static Session Describe(TransportType transport, SessionRecorder recorder) => new(SessionId.New(recorder.Clock), transport)
    {
        Boundary = SessionBoundary.Connection,
        Tags = [.. recorder.Options.Tags],
        TimeToLive = recorder.Options.TimeToLive,
    };
}
