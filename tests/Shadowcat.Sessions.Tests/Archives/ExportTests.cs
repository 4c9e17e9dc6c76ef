namespace Shadowcat.Sessions.Tests.Archives;

/// <summary>Exports that are interrupted, and destinations that have something in them.</summary>
public sealed class ExportTests
{
    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_CutOffAnywhereAndResumed_GivesTheSameBytes()
    {
        var session = await Archived.RecordedAsync(_store, frames: 40);
        var whole = await Archived.ExportAsync(_store, session.Id);

        for (var cut = 0; cut <= whole.Length; cut += cut < 600 ? 1 : 97)
        {
            using var destination = new MemoryStream();
            destination.Write(whole.AsSpan(0, cut));

            var done = await _store.ExportSessionAsync(session.Id, destination, cancellationToken: Ct);

            Assert.True(whole.AsSpan().SequenceEqual(destination.ToArray()), $"cut off after {cut} bytes");
            Assert.Equal(new SessionArchiveProgress(1, 40, whole.Length), done);
        }
    }

    [Fact]
    public async Task Export_ManySessionsCutOffAnywhereAndResumed_GivesTheSameBytes()
    {
        for (var i = 0; i < 5; i++)
        {
            await Archived.RecordedAsync(_store, frames: i * 3, firstSequence: i, seed: i);
        }

        var whole = await Archived.ExportAllAsync(_store);

        for (var cut = 0; cut <= whole.Length; cut += cut < 600 ? 1 : 89)
        {
            using var destination = new MemoryStream();
            destination.Write(whole.AsSpan(0, cut));

            var done = await _store.ExportSessionsAsync(null, destination, cancellationToken: Ct);

            Assert.True(whole.AsSpan().SequenceEqual(destination.ToArray()), $"cut off after {cut} bytes");
            Assert.Equal(new SessionArchiveProgress(5, 30, whole.Length), done);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(70_000)]
    [InlineData(300_000)]
    public async Task Export_DiesWhileWriting_LeavesWhatCanBeContinued(long bytes)
    {
        var session = await Archived.RecordedAsync(_store, frames: 500);
        using var destination = new MemoryStream();

        await Assert.ThrowsAsync<IOException>(() => _store.ExportSessionAsync(session.Id, new CutStream(destination, bytes), cancellationToken: Ct));
        Assert.Equal(bytes, destination.Length);
        await _store.ExportSessionAsync(session.Id, destination, cancellationToken: Ct);

        Assert.Equal(await Archived.ExportAsync(_store, session.Id), destination.ToArray());
    }

    [Fact]
    public async Task Export_SessionGrewAndWasClosedSinceTheInterruption_GoesOnToItsEnd()
    {
        var session = await Archived.RecordedAsync(_store, frames: 10);
        var begun = Archived.Lines(await Archived.ExportAsync(_store, session.Id));
        using var destination = new MemoryStream();
        destination.Write(Archived.Join(begun[..6]));
        await _store.AddFramesAsync(session.Id, Make.Frames(session.Id, 3, first: 10), Ct);
        await _store.UpdateSessionAsync(session.Id, current => current with { CloseReason = "since" }, Ct);

        var done = await _store.ExportSessionAsync(session.Id, destination, cancellationToken: Ct);

        var lines = Archived.Lines(destination.ToArray());
        Assert.Equal(begun[..11], lines[..11]);
        Assert.Equal((13, 15), (done.Frames, lines.Length));
    }

    [Fact]
    public async Task Export_FramesThatAreThereWereTrimmedSince_GoesOnBehindThem()
    {
        var session = await Archived.RecordedAsync(_store, frames: 10);
        var whole = await Archived.ExportAsync(_store, session.Id);
        foreach (var (there, trimmed) in new[] { (6, 3), (6, 5), (6, 6) })
        {
            using var destination = new MemoryStream();
            destination.Write(Archived.Join(Archived.Lines(whole)[..(1 + there)]));
            await _store.DeleteFramesAsync(session.Id, trimmed, Ct);

            await _store.ExportSessionAsync(session.Id, destination, cancellationToken: Ct);

            Assert.Equal(whole, destination.ToArray());
        }
    }

    [Fact]
    public async Task Export_FramesThatWouldFollowWereTrimmed_SaysSoAndLosesNothing()
    {
        var session = await Archived.RecordedAsync(_store, frames: 10);
        var begun = Archived.Join(Archived.Lines(await Archived.ExportAsync(_store, session.Id))[..6]);
        using var destination = new MemoryStream();
        destination.Write(begun);
        await _store.DeleteFramesAsync(session.Id, 7, Ct);

        var exception = await Assert.ThrowsAsync<FramesTrimmedException>(() => _store.ExportSessionAsync(session.Id, destination, cancellationToken: Ct));

        Assert.Equal((5, 7), (exception.RequestedSequence, exception.FirstSequence));
        Assert.Equal(begun, destination.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"type\":\"meta\",\"v\":2}\n")]
    [InlineData("{\"type\":\"meta\",\"v\":1}\n")]
    [InlineData("notes\n")]
    [InlineData("notes without a line break")]
    [InlineData("{")]
    [InlineData("{\"type\":\"metal\"}")]
    public async Task Export_DestinationHasSomethingElse_IsRefusedAndLeftAsItIs(string content)
    {
        var session = await Archived.RecordedAsync(_store, frames: 3);
        var other = Archived.Lines(await Archived.ExportAsync(_store, (await Archived.RecordedAsync(_store, frames: 3)).Id));
        var bytes = content.Length > 1 ? System.Text.Encoding.UTF8.GetBytes(content) : Archived.Join(content.Length == 0 ? other : other[..2]);
        using var destination = new MemoryStream();
        destination.Write(bytes);

        var exception = await Assert.ThrowsAsync<SessionArchiveException>(() => _store.ExportSessionAsync(session.Id, destination, cancellationToken: Ct));
        await Assert.ThrowsAsync<SessionArchiveException>(() => _store.ExportSessionsAsync(null, destination, cancellationToken: Ct));

        Assert.Equal("ExportSession", exception.Operation);
        Assert.Equal(bytes, destination.ToArray());
    }

    [Fact]
    public async Task Export_OneIntoAnArchiveOfMany_IsRefused()
    {
        var session = await Archived.RecordedAsync(_store, frames: 3);
        var many = await Archived.ExportAllAsync(_store);
        foreach (var lines in new[] { 1, 3, 6, 7 })
        {
            var bytes = Archived.Join(Archived.Lines(many)[..lines]);
            using var destination = new MemoryStream();
            destination.Write(bytes);

            await Assert.ThrowsAsync<SessionArchiveException>(() => _store.ExportSessionAsync(session.Id, destination, cancellationToken: Ct));

            Assert.Equal(bytes, destination.ToArray());
        }
    }

    [Fact]
    public async Task Export_IdWasUsedAgainSinceTheInterruption_IsRefused()
    {
        var session = await Archived.RecordedAsync(_store, frames: 5);
        var begun = Archived.Join(Archived.Lines(await Archived.ExportAsync(_store, session.Id))[..4]);
        await _store.DeleteSessionAsync(session.Id, Ct);
        await _store.CreateSessionAsync(new Session(session.Id, session.TransportType) { CreatedAt = session.CreatedAt }, Ct);
        await _store.AddFramesAsync(session.Id, Make.Frames(session.Id, 9), Ct);
        using var destination = new MemoryStream();
        destination.Write(begun);

        await Assert.ThrowsAsync<SessionArchiveException>(() => _store.ExportSessionAsync(session.Id, destination, cancellationToken: Ct));

        Assert.Equal(begun, destination.ToArray());
    }

    [Fact]
    public async Task Export_DamagedBeginning_IsRefused()
    {
        var session = await Archived.RecordedAsync(_store, frames: 5);
        var bytes = await Archived.ExportAsync(_store, session.Id);
        bytes[bytes.Length / 2] ^= 1;
        using var destination = new MemoryStream();
        destination.Write(bytes);

        await Assert.ThrowsAsync<SessionArchiveException>(() => _store.ExportSessionAsync(session.Id, destination, cancellationToken: Ct));

        Assert.Equal(bytes, destination.ToArray());
    }

    [Fact]
    public async Task ExportMany_SessionEndsWhileItIsRead_KeepsWhatWasReadAndGoesOn()
    {
        var options = new SessionStoreOptions();
        var gone = await Archived.RecordedAsync(_store, frames: 600);
        var stays = await Archived.RecordedAsync(_store, frames: 2);
        var deleting = new DeletingProgress(_store, gone.Id);
        using var destination = new MemoryStream();
        var many = await Archived.RecordedAsync(_store, frames: 0);
        await _store.AddFramesAsync(gone.Id, Make.Frames(gone.Id, 900), Ct);

        var done = await _store.ExportSessionsAsync(null, destination, deleting, Ct);

        var lines = Archived.Lines(destination.ToArray());
        var end = Assert.Single(lines, line => line.Contains("\"type\":\"end\"", StringComparison.Ordinal) && line.Contains(gone.Id.Value, StringComparison.Ordinal));
        Assert.Contains("\"complete\":false", end, StringComparison.Ordinal);
        Assert.Equal(3, done.Sessions);
        var other = new InMemorySessionStore(options);
        await Archived.ImportAsync(other, destination.ToArray());
        Assert.Equal(2, await other.CountFramesAsync(stays.Id, Ct));
        Assert.Equal(0, await other.CountFramesAsync(many.Id, Ct));
        Assert.InRange(await other.CountFramesAsync(gone.Id, Ct), 1000, 1499);
    }

    [Fact]
    public async Task ExportMany_Filter_TakesWhatMatches()
    {
        await Archived.RecordedAsync(_store, frames: 1);
        var wanted = await _store.CreateSessionAsync(Make.Session() with { Tags = ["wanted"] }, Ct);

        var lines = Archived.Lines(await Archived.ExportAllAsync(_store, new SessionFilter { Tags = ["wanted"] }));

        Assert.Equal(4, lines.Length);
        Assert.Contains(wanted.Id.Value, lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_NoSuchSession_Throws()
    {
        var id = SessionId.New();
        using var destination = new MemoryStream();

        var exception = await Assert.ThrowsAsync<SessionNotFoundException>(() => _store.ExportSessionAsync(id, destination, cancellationToken: Ct));

        Assert.Equal((id, "ExportSession"), (exception.SessionId, exception.Operation));
        Assert.Equal(0, destination.Length);
    }

    [Fact]
    public async Task Export_DestinationCannotBeWrittenOrContinued_IsRefused()
    {
        var session = await Archived.RecordedAsync(_store, frames: 1);
        using var readOnly = new MemoryStream([], writable: false);
        var path = Path.GetTempFileName();

        try
        {
            await File.WriteAllTextAsync(path, "something", Ct);
            await using var writeOnly = new FileStream(path, FileMode.Open, FileAccess.Write);

            Assert.Equal("destination", (await Assert.ThrowsAsync<ArgumentException>(() => _store.ExportSessionAsync(session.Id, readOnly, cancellationToken: Ct))).ParamName);
            Assert.Equal("destination", (await Assert.ThrowsAsync<ArgumentException>(() => _store.ExportSessionAsync(session.Id, writeOnly, cancellationToken: Ct))).ParamName);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>Deletes a session when the first thousand frames were written.</summary>
    private sealed class DeletingProgress(InMemorySessionStore store, SessionId id) : IProgress<SessionArchiveProgress>
    {
        private bool _deleted;

        public void Report(SessionArchiveProgress value)
        {
            if (!_deleted && value.Frames >= 1000)
            {
                _deleted = true;
                Assert.True(store.DeleteSessionAsync(id, Ct).AsTask().IsCompletedSuccessfully);
            }
        }
    }
}
