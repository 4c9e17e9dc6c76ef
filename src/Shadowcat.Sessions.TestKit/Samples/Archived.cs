using System.Text;

namespace Shadowcat.Sessions.TestKit;

/// <summary>Exports and imports in one go, for tests that look at the bytes.</summary>
internal static class Archived
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Lets an archive set all that it may.</summary>
    public static SessionImportOptions All { get; } = new() { KeepOwner = true, KeepTransportSessionId = true, KeepAttributes = true, KeepLifetimes = true };

    public static async Task<byte[]> ExportAsync(ISessionStore store, SessionId id)
    {
        using var archive = new MemoryStream();
        await store.ExportSessionAsync(id, archive, cancellationToken: Ct);
        return archive.ToArray();
    }

    public static async Task<byte[]> ExportAllAsync(ISessionStore store, SessionFilter? filter = null)
    {
        using var archive = new MemoryStream();
        await store.ExportSessionsAsync(filter, archive, cancellationToken: Ct);
        return archive.ToArray();
    }

    /// <summary>Imports all that an archive says.</summary>
    public static async Task<SessionArchiveProgress> ImportAsync(ISessionStore store, byte[] archive) => await store.ImportSessionsAsync(
        new MemoryStream(archive), All, cancellationToken: Ct);

    public static string[] Lines(byte[] archive) => Encoding.UTF8.GetString(archive).TrimEnd('\n').Split('\n');

    public static byte[] Join(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    /// <summary>A session with frames whose payloads, sizes and metadata are of many kinds, the same ones for the same seed.</summary>
    public static async Task<Session> RecordedAsync(ISessionStore store, int frames, long firstSequence = 0, int seed = 1)
    {
        var session = await store.CreateSessionAsync(Make.FullSession() with { TimeToLive = TimeSpan.FromHours(1), MaxLifetime = null }, firstSequence, Ct);
        var random = new Random(seed);
        foreach (var batch in Enumerable.Range(0, frames).Select(i => Frame(session.Id, i, random)).Chunk(500))
        {
            await store.AddFramesAsync(session.Id, batch, Ct);
        }

        return session;
    }

    public static MessageEnvelope Frame(SessionId id, int number, Random random)
    {
        var frame = new MessageEnvelope(
            id,
            (MessageDirection)random.Next(3),
            (TransportType)random.Next(5),
            Payload(number, random),
            Make.At.AddTicks(random.NextInt64(TimeSpan.TicksPerDay)));
        return random.Next(10) > 0 ? frame : frame with
        {
            Metadata = FrameMetadata.Create(Enumerable.Range(0, random.Next(5)).Select(i => KeyValuePair.Create($"k{random.Next(1000)}-{i}", $"\"v\\\t{i} größe 🙈"))),
            ExchangeId = "exchange/日本",
            Flags = (MessageFlags)random.Next(8),
        };
    }

    private static byte[] Payload(int number, Random random)
    {
        switch (number % 10)
        {
            case 7:
                var bytes = new byte[random.Next(200)];
                random.NextBytes(bytes);
                return bytes;
            case 8:
                return Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\r\n \"method\":\"n/{number}\"}}\r");
            case 9:
                return Encoding.UTF8.GetBytes($"no JSON \"{number}\" größe \0");
            default:
                return Encoding.UTF8.GetBytes($$$"""{"jsonrpc":"2.0","id":{{{number}}},"method":"tools/call","params":{"x":"{{{new string('y', random.Next(2000))}}}"}}""");
        }
    }
}
