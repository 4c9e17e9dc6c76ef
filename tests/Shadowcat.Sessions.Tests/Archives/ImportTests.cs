using System.IO.Pipelines;
using Shadowcat.Sessions.Tests.Protection;

namespace Shadowcat.Sessions.Tests.Archives;

/// <summary>Imports that are interrupted, archives that are damaged, and stores that have something already.</summary>
public sealed class ImportTests
{
    private readonly InMemorySessionStore _source = new();
    private readonly InMemorySessionStore _target = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(ISessionStore.AddFramesAsync), 0, false)]
    [InlineData(nameof(ISessionStore.AddFramesAsync), 0, true)]
    [InlineData(nameof(ISessionStore.AddFramesAsync), 3, false)]
    [InlineData(nameof(ISessionStore.AddFramesAsync), 3, true)]
    [InlineData(nameof(ISessionStore.CreateSessionAsync), 0, true)]
    public async Task Import_DiesInTheMiddleAndIsRepeated_GivesTheSameBytes(string method, int calls, bool after)
    {
        var session = await Archived.RecordedAsync(_source, frames: 2000);
        var archive = await Archived.ExportAsync(_source, session.Id);

        await Assert.ThrowsAsync<IOException>(() => Archived.ImportAsync(FailingStore.Around(_target, method, calls, after), archive));
        Assert.NotEqual(2000, await _target.CountFramesAsync(session.Id, Ct));
        await Archived.ImportAsync(_target, archive);

        Assert.Equal(archive, await Archived.ExportAsync(_target, session.Id));
    }

    [Fact]
    public async Task Import_ServerLosesFramesMeanwhile_SaysSoAndWhatToDo()
    {
        var session = await Archived.RecordedAsync(_source, frames: 2000);
        var archive = await Archived.ExportAsync(_source, session.Id);
        var lost = new FramesLostException("AddFrames", session.Id, 5, "frames are gone.");

        var fault = await Assert.ThrowsAsync<SessionArchiveException>(
            () => Archived.ImportAsync(FailingStore.Around(_target, nameof(ISessionStore.AddFramesAsync), 3, after: false, lost), archive));

        Assert.Contains("lost frames of the session", fault.Message, StringComparison.Ordinal);
        Assert.Same(lost, fault.InnerException);
        Assert.Equal(session.Id, fault.SessionId);
    }

    [Fact]
    public async Task Import_SourceEndsAnywhereAndTheWholeIsImportedThen_GivesTheSameBytes()
    {
        var session = await Archived.RecordedAsync(_source, frames: 30, firstSequence: 1000);
        var archive = await Archived.ExportAsync(_source, session.Id);

        for (var cut = 0; cut < archive.Length; cut += 397)
        {
            var target = new InMemorySessionStore();

            var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(target, archive[..cut]));
            Assert.Contains("cut off", exception.Message, StringComparison.Ordinal);
            if (await target.GetSessionAsync(session.Id, Ct) is not null)
            {
                // Every line that was there whole.
                Assert.Equal(archive[..cut].Count(octet => octet == '\n') - 1, await target.CountFramesAsync(session.Id, Ct));
            }

            await Archived.ImportAsync(target, archive);
            Assert.Equal(archive, await Archived.ExportAsync(target, session.Id));
        }
    }

    [Fact]
    public async Task Import_WhatIsThereAlready_ChangesNothing()
    {
        var session = await Archived.RecordedAsync(_source, frames: 300);
        var archive = await Archived.ExportAsync(_source, session.Id);
        var before = await _source.GetSessionAsync(session.Id, Ct);

        var done = await Archived.ImportAsync(_source, archive);

        Assert.Equal(new SessionArchiveProgress(1, 300, archive.Length), done);
        Assert.Equal(before, await _source.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Import_SessionWentOnSince_LeavesIt()
    {
        var session = await Archived.RecordedAsync(_source, frames: 300);
        var archive = await Archived.ExportAsync(_source, session.Id);
        await _source.AddFramesAsync(session.Id, Make.Frames(session.Id, 5), Ct);
        await _source.DeleteFramesAsync(session.Id, 100, Ct);

        await Archived.ImportAsync(_source, archive);

        Assert.Equal(205, await _source.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Import_DeletedByMistake_ComesBack()
    {
        var session = await Archived.RecordedAsync(_source, frames: 20);
        var archive = await Archived.ExportAsync(_source, session.Id);
        await _source.DeleteSessionAsync(session.Id, Ct);

        await Archived.ImportAsync(_source, archive);

        Assert.Equal(archive, await Archived.ExportAsync(_source, session.Id));
    }

    [Fact]
    public async Task Import_AnotherSessionOfThatId_IsRefusedAndLeftAsItIs()
    {
        var session = await Archived.RecordedAsync(_source, frames: 20);
        var archive = await Archived.ExportAsync(_source, session.Id);
        await _source.UpdateSessionAsync(session.Id, current => current with { CloseReason = "another" }, Ct);
        var before = await _source.GetSessionAsync(session.Id, Ct);

        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(_source, archive));

        Assert.Equal((session.Id, "ImportSessions", 1), (exception.SessionId, exception.Operation, exception.Line));
        Assert.Equal(before, await _source.GetSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Import_AnotherFrameInTheSession_IsRefusedAndLeftAsItIs()
    {
        var session = await Archived.RecordedAsync(_source, frames: 20);
        var archive = await Archived.ExportAsync(_source, session.Id);
        await Archived.ImportAsync(_target, Archived.Join(Archived.Lines(archive)[..1])).ContinueWith(_ => { }, TaskScheduler.Default);
        var first = await _source.GetFramesAsync(session.Id, FrameRange.From(0, 1), Ct).SingleAsync(Ct);
        await _target.AddFramesAsync(session.Id, [first, Make.Frame(session.Id)], Ct);

        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(_target, archive));

        Assert.Equal(3, exception.Line);
        Assert.Equal(2, await _target.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Import_SomebodyElseAppendsMeanwhile_IsNoticed()
    {
        var session = await Archived.RecordedAsync(_source, frames: 600);
        var archive = await Archived.ExportAsync(_source, session.Id);
        var progress = new Intruder(_target, session.Id);

        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => _target.ImportSessionsAsync(new MemoryStream(archive), progress: progress, cancellationToken: Ct));

        Assert.Contains("somebody else", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_AnyByteChanged_IsNoticedBeforeAnythingWrongIsStored()
    {
        var session = await Archived.RecordedAsync(_source, frames: 4);
        var frames = await _source.GetFramesAsync(session.Id, default, Ct).ToListAsync(Ct);
        var archive = await Archived.ExportAsync(_source, session.Id);

        for (var at = 0; at < archive.Length; at++)
        {
            var target = new InMemorySessionStore();
            var damaged = (byte[])archive.Clone();
            damaged[at] ^= 0x20;

            await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(target, damaged));

            await foreach (var stored in target.ListSessionsAsync(cancellationToken: Ct))
            {
                Assert.Equal(session.Id, stored.Id);
                var there = await target.GetFramesAsync(session.Id, default, Ct).ToListAsync(Ct);
                Assert.Equal(frames[..there.Count], there);
            }
        }
    }

    [Fact]
    public async Task Import_AnyLineMissingDoubledOrMoved_IsNoticed()
    {
        for (var i = 0; i < 3; i++)
        {
            await Archived.RecordedAsync(_source, frames: 3, seed: i);
        }

        var lines = Archived.Lines(await Archived.ExportAllAsync(_source));
        for (var at = 0; at < lines.Length; at++)
        {
            await AssertNoticedAsync([.. lines[..at], .. lines[(at + 1)..]]);
            await AssertNoticedAsync([.. lines[..at], lines[at], .. lines[at..]]);
            if (at > 0)
            {
                await AssertNoticedAsync([.. lines[..(at - 1)], lines[at], lines[at - 1], .. lines[(at + 1)..]]);
            }
        }

        // A whole session.
        await AssertNoticedAsync([.. lines[..6], .. lines[11..]]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("not json\n")]
    [InlineData("[]\n")]
    [InlineData("{}\n")]
    [InlineData("null\n")]
    [InlineData("{\"type\":\"meta\"}\n")]
    [InlineData("{\"type\":7}\n")]
    [InlineData("{\"type\":\"meta\",\"v\":\"1\"}\n")]
    [InlineData("{\"type\":\"other\",\"v\":1}\n")]
    [InlineData("{\"type\":\"end\",\"session_id\":\"x\",\"frames\":0,\"complete\":true,\"check\":\"0123456789abcdef\"}\n")]
    public async Task Import_NoArchive_IsRefused(string content)
    {
        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(_target, System.Text.Encoding.UTF8.GetBytes(content)));

        Assert.Equal(1, exception.Line);
        Assert.Equal(0, await _target.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Import_FormatOfALaterVersion_SaysSo()
    {
        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(_target, "{\"type\":\"meta\",\"v\":3}\n"u8.ToArray()));

        Assert.Contains("format 3", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_ArchivesPutTogether_BringAllTheirSessions()
    {
        var one = await Archived.ExportAsync(_source, (await Archived.RecordedAsync(_source, frames: 3)).Id);
        var many = await Archived.ExportAllAsync(_source);
        var two = await Archived.ExportAsync(_source, (await Archived.RecordedAsync(_source, frames: 4)).Id);

        var done = await Archived.ImportAsync(_target, [.. one, .. many, .. two, .. many]);

        Assert.Equal((4, 13), (done.Sessions, done.Frames));
        Assert.Equal(2, await _target.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Import_StoreTakesSmallerBatches_GivesItFramesOneByOne()
    {
        var session = await Archived.RecordedAsync(_source, frames: 50);
        var archive = await Archived.ExportAsync(_source, session.Id);
        var target = new InMemorySessionStore(new SessionStoreOptions { MaxFrameBytes = 5000, MaxBatchBytes = 5000 });

        await Archived.ImportAsync(target, archive);

        Assert.Equal(archive, await Archived.ExportAsync(target, session.Id));
    }

    [Fact]
    public async Task Import_FrameTheStoreDoesNotTake_IsNamed()
    {
        var session = await _source.CreateSessionAsync(Make.Session(), Ct);
        await _source.AddFramesAsync(session.Id, [Make.Frame(session.Id, new byte[5]), Make.Frame(session.Id, new byte[50]), Make.Frame(session.Id, new byte[5])], Ct);
        var archive = await Archived.ExportAsync(_source, session.Id);
        var target = new InMemorySessionStore(new SessionStoreOptions { MaxFrameBytes = 10, MaxBatchBytes = 100 });

        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(target, archive));

        Assert.Equal(3, exception.Line);
        Assert.Contains("at most", exception.Message, StringComparison.Ordinal);
        Assert.Equal(1, await target.CountFramesAsync(session.Id, Ct));
    }

    [Fact]
    public async Task Import_SessionTheStoreDoesNotTake_IsNamed()
    {
        var small = await _source.CreateSessionAsync(Make.Session(), Ct);
        var large = await _source.CreateSessionAsync(Make.Session() with { ClientInfo = Peer.Parse($$"""{"name":"{{new string('x', 60_000)}}"}""") }, Ct);
        byte[] archive = [.. await Archived.ExportAsync(_source, small.Id), .. await Archived.ExportAsync(_source, large.Id)];
        var target = new ProtectedSessionStore(_target, new KeyRing().Open());

        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(target, archive));

        Assert.Equal((large.Id, 3), (exception.SessionId, exception.Line));
        Assert.IsAssignableFrom<ArgumentException>(exception.InnerException);
        Assert.Equal(1, await _target.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Import_StoreWithCapsAndLifetimesOfItsOwn_KeepsToThemAndCanBeRepeated()
    {
        var session = await Archived.RecordedAsync(_source, frames: 50);
        var archive = await Archived.ExportAsync(_source, session.Id);
        var target = new InMemorySessionStore(new SessionStoreOptions { MaxFramesPerSession = 10, MaxLifetime = TimeSpan.FromHours(5) });

        await Archived.ImportAsync(target, archive);
        await Archived.ImportAsync(target, archive);

        var copy = await target.GetSessionAsync(session.Id, Ct);
        Assert.Equal((50, 40, TimeSpan.FromHours(5)), (copy!.FrameCount, copy.FirstSequence, copy.MaxLifetime));
        Assert.Equal(
            await _source.GetFramesAsync(session.Id, FrameRange.Last(10), Ct).ToListAsync(Ct),
            await target.GetFramesAsync(session.Id, default, Ct).ToListAsync(Ct));
    }

    [Fact]
    public async Task ExportAndImport_ThroughAPipe_StreamAndReportProgress()
    {
        var session = await Archived.RecordedAsync(_source, frames: 5000);
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024));
        var exported = new List<SessionArchiveProgress>();
        var imported = new List<SessionArchiveProgress>();

        var exporting = Task.Run(
            async () =>
            {
                await using var writer = pipe.Writer.AsStream();
                return await _source.ExportSessionsAsync(null, writer, new Recorder(exported), Ct);
            },
            Ct);
        var result = await _target.ImportSessionsAsync(pipe.Reader.AsStream(), Archived.All, new Recorder(imported), Ct);

        Assert.Equal(await exporting, result);
        Assert.Equal(await Archived.ExportAsync(_source, session.Id), await Archived.ExportAsync(_target, session.Id));
        Assert.True(exported.Count > 5 && imported.Count > 5);
        Assert.Equal(exported.OrderBy(progress => progress.Frames), exported);
        Assert.Equal((result, result), (exported[^1], imported[^1]));
    }

    [Fact]
    public async Task ExportAndImport_Cancelled_End()
    {
        var session = await Archived.RecordedAsync(_source, frames: 10);
        var archive = await Archived.ExportAsync(_source, session.Id);
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _source.ExportSessionAsync(session.Id, new MemoryStream(), cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _source.ExportSessionsAsync(null, new MemoryStream(), cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _target.ImportSessionsAsync(new MemoryStream(archive), cancellationToken: cancelled));
        Assert.Equal(0, await _target.CountSessionsAsync(Ct));
    }

    private static async Task AssertNoticedAsync(string[] lines) =>
        await Assert.ThrowsAsync<SessionArchiveException>(() => Archived.ImportAsync(new InMemorySessionStore(), Archived.Join(lines)));

    private sealed class Recorder(List<SessionArchiveProgress> reports) : IProgress<SessionArchiveProgress>
    {
        public void Report(SessionArchiveProgress value) => reports.Add(value);
    }

    /// <summary>Appends to a session that is being imported.</summary>
    private sealed class Intruder(InMemorySessionStore store, SessionId id) : IProgress<SessionArchiveProgress>
    {
        public void Report(SessionArchiveProgress value) =>
            Assert.True(store.AddFrameAsync(Make.Frame(id), Ct).AsTask().IsCompletedSuccessfully);
    }
}
