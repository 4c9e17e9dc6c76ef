namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Sessions as they stand after a handshake.</summary>
internal static class SampleSessions
{
    private const int CreatedAtOnce = 256;

    private static readonly Peer Client = Peer.Parse("""{"name":"example-client","title":"Example Client","version":"1.4.2"}""");
    private static readonly Peer Server = Peer.Parse("""{"name":"example-server","title":"Example Server","version":"0.9.0"}""");

    public static Session New() => new(SessionId.New(), TransportType.StreamableHttp)
    {
        State = SessionState.Active,
        ClientInfo = Client,
        ServerInfo = Server,
        VersionState = new VersionState { Requested = "2025-11-25", Negotiated = "2025-11-25" },
        Tags = SessionTags.Create(["production", "eu-west"]),
    };

    public static async Task<SessionId[]> CreateAsync(ISessionStore store, int count)
    {
        var ids = new SessionId[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = CreatedAtOnce }, async (i, cancellationToken) =>
            ids[i] = (await store.CreateSessionAsync(New(), cancellationToken)).Id);
        return ids;
    }

    public static Task DeleteAsync(ISessionStore store, SessionId[] ids) => Parallel.ForEachAsync(
        ids, new ParallelOptions { MaxDegreeOfParallelism = CreatedAtOnce }, async (id, cancellationToken) => await store.DeleteSessionAsync(id, cancellationToken));
}
