using System.Text;

namespace Shadowcat.Sessions.Tests.Archives;

/// <summary>What an archive holds is bounded before it is held, and gives nobody what the importer did not say.</summary>
[Collection(Telemetry.SilentCollection.Name)]
public sealed class ImportBoundsTests
{
    private const int MiB = 1024 * 1024;

    private readonly InMemorySessionStore _target = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Lines that have no end, of every kind of member that could hold so much.</summary>
    [Theory]
    [InlineData("{\"raw\":\"", "x")]
    [InlineData("{\"raw\":[", "1,")]
    [InlineData("{\"raw_base64\":\"", "AAAA")]
    [InlineData("{\"metadata\":{\"a\":\"", "x")]
    [InlineData("{\"tags\":[", "\"a\",")]
    [InlineData("{\"unknown\":[", "[],")]
    [InlineData("", " ")]
    public async Task Import_LineWithoutEnd_IsRefusedInBoundedMemory(string beginning, string then)
    {
        var archive = new EndlessStream(Encoding.UTF8.GetBytes(beginning), Encoding.UTF8.GetBytes(then), 440L * MiB);
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => _target.ImportSessionsAsync(archive, cancellationToken: Ct));

        Assert.Equal(1, exception.Line);
        Assert.Contains("longer than", exception.Message, StringComparison.Ordinal);
        Assert.True(archive.Position < 24 * MiB, $"read {archive.Position} bytes");
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 64L * MiB, "allocated more than a few times the longest line");
    }

    /// <summary>Lines that are short enough, and hold more of something than any of ours.</summary>
    [Theory]
    [InlineData("tags", "[", "\"a\",", "\"a\"]")]
    [InlineData("owner", "[", "\"a\",", "\"a\"]")]
    [InlineData("attributes", "{", "\"a\":\"b\",", "\"z\":\"b\"}")]
    [InlineData("metadata", "{", "\"a\":\"b\",", "\"z\":\"b\"}")]
    [InlineData("version_state", "{\"attempts\":[", "[\"1\"],", "[\"1\"]]}")]
    [InlineData("version_state", "{\"attempts\":[[", "\"1\",", "\"1\"]]}")]
    [InlineData("client_info", "{", "\"a\":\"b\",", "\"z\":\"b\"}")]
    [InlineData("close_reason", "\"", "x", "\"")]
    public async Task Import_MemberWithTooMuch_IsRefusedBeforeItIsCopied(string name, string beginning, string then, string end)
    {
        var line = $"{{\"{name}\":{beginning}{string.Concat(Enumerable.Repeat(then, 8 * MiB / then.Length))}{end}}}\n";
        var archive = new MemoryStream(Encoding.UTF8.GetBytes(line));
        var before = GC.GetTotalAllocatedBytes(precise: true);

        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => _target.ImportSessionsAsync(archive, cancellationToken: Ct));

        Assert.Equal(1, exception.Line);
        Assert.Contains(name is "version_state" ? "attempts" : name, exception.Message, StringComparison.Ordinal);
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 20 * MiB, "allocated more than the line and some");
    }

    [Theory]
    [InlineData('x')]
    [InlineData('é')]
    [InlineData('"')]
    [InlineData('\0')]
    public async Task ExportAndImport_FrameOf64MiB_TakesNoMoreThanThreeTimesAsMuchAndGivesTheSameBytes(char filling)
    {
        var options = new SessionStoreOptions { MaxFrameBytes = 64 * MiB, MaxBatchBytes = 64 * MiB };
        var source = new InMemorySessionStore(options);
        var session = await source.CreateSessionAsync(Make.Session(), Ct);
        var payload = Encoding.UTF8.GetBytes(new string(filling, (64 * MiB / (filling == 'é' ? 2 : 1)) - 100));
        payload[10] = (byte)'\\';
        await source.AddFrameAsync(Make.Frame(session.Id) with { Payload = payload }, Ct);
        var path = Path.GetTempFileName();
        try
        {
            await using (var file = File.Create(path))
            {
                await source.ExportSessionAsync(session.Id, file, cancellationToken: Ct);
            }

            var (target, sink) = LastFrameStore.Make();
            await using (var file = File.OpenRead(path))
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                await target.ImportSessionsAsync(file, new SessionImportOptions { MaxFrameBytes = 64 * MiB }, cancellationToken: Ct);

                // All that was allocated, whether it could have been freed or not.
                var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
                Assert.True(allocated < 3L * 64 * MiB, $"allocated {allocated / MiB} MiB");
            }

            Assert.True(payload.AsSpan().SequenceEqual(sink.Payload.Span));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Import_FrameThatTheStoreDoesNotTake_SaysWhichLine()
    {
        var source = new InMemorySessionStore();
        var session = await source.CreateSessionAsync(Make.Session(), Ct);
        await source.AddFramesAsync(session.Id, Make.Frames(session.Id, 3), Ct);
        await source.AddFrameAsync(Make.Frame(session.Id) with { Payload = new byte[2000] }, Ct);
        await source.AddFramesAsync(session.Id, Make.Frames(session.Id, 300), Ct);
        var archive = await Archived.ExportAsync(source, session.Id);
        var target = new InMemorySessionStore(new SessionStoreOptions { MaxFrameBytes = 1000 });

        var read = await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(target, archive));
        var stored = await Assert.ThrowsAsync<SessionArchiveException>(() => new InMemorySessionStore(new SessionStoreOptions { MaxFrameBytes = 1000 })
            .ImportSessionsAsync(new MemoryStream(archive), new SessionImportOptions { MaxFrameBytes = 5000 }, cancellationToken: Ct));

        Assert.Equal((5L, 5L), (read.Line, stored.Line));
        Assert.Equal(3, await target.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Import_WithoutOptions_GivesNeitherOwnerNorTransportIdNorAttributesNorLifetimes()
    {
        var source = new InMemorySessionStore();
        var session = await Archived.RecordedAsync(source, frames: 5);
        var archive = await Archived.ExportAsync(source, session.Id);
        Assert.NotNull(session.Owner);
        Assert.NotNull(session.TransportSessionId);
        Assert.NotEmpty(session.Attributes);
        var target = new InMemorySessionStore(new SessionStoreOptions { TimeToLive = TimeSpan.FromMinutes(7) });

        for (var i = 0; i < 2; i++)
        {
            await target.ImportSessionsAsync(new MemoryStream(archive), cancellationToken: Ct);

            var imported = (await target.GetSessionAsync(session.Id, Ct))!;
            Assert.Equal((null, null, TimeSpan.FromMinutes(7), 5), (imported.Owner, imported.TransportSessionId, imported.TimeToLive, imported.FrameCount));
            Assert.Empty(imported.Attributes);
        }

        // What the store has of its own session is left as it is.
        await source.ImportSessionsAsync(new MemoryStream(archive), cancellationToken: Ct);
        Assert.Equal(session.Owner, (await source.GetSessionAsync(session.Id, Ct))!.Owner);
    }

    [Theory]
    [InlineData(0)]
    [InlineData((256 * MiB) + 1)]
    public async Task Import_FrameBoundOutOfBounds_Throws(int bytes) => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
        () => _target.ImportSessionsAsync(new MemoryStream(), new SessionImportOptions { MaxFrameBytes = bytes }, cancellationToken: Ct));
}
