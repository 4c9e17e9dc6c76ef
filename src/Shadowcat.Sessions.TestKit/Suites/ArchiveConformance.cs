namespace Shadowcat.Sessions.TestKit;

/// <summary>What an archive promises of any store: it keeps a session, and the session gives the same archive wherever it is.</summary>
internal sealed class ArchiveConformance(IStoreHarness harness) : StoreConformance(harness)
{
    // Made once, for all stores.
    private static readonly Lazy<Task<(SessionId Session, byte[] Archive)>> TenThousandFrames = new(CreateAsync);

    [Fact]
    public async Task Archive_TenThousandFrames_AreTheSameBytesAfterExportAndImport()
    {
        var (session, archive) = await TenThousandFrames.Value;
        var store = await StoreAsync();

        await Archived.ImportAsync(store, archive);

        Assert.Equal(archive, await Archived.ExportAsync(await StoreAsync(), session));
    }

    [Fact]
    public async Task Archive_KilledHalfWayAndResumed_IsTheSameBytes()
    {
        var (session, archive) = await TenThousandFrames.Value;
        var store = await StoreAsync();

        await Assert.ThrowsAsync<IOException>(() => Archived.ImportAsync(new KilledStore(store, appends: 20), archive));
        await Archived.ImportAsync(await StoreAsync(), archive);
        using var destination = new MemoryStream();
        await Assert.ThrowsAsync<IOException>(() => store.ExportSessionAsync(session, new CutStream(destination, archive.Length / 2), cancellationToken: Ct));
        await store.ExportSessionAsync(session, destination, cancellationToken: Ct);

        Assert.Equal(archive, destination.ToArray());
    }

    [Fact]
    public async Task Archive_ManySessions_GoIntoAnotherStoreAndBack()
    {
        var store = await StoreAsync();
        var ids = new List<SessionId>();
        for (var i = 0; i < 30; i++)
        {
            ids.Add((await Archived.RecordedAsync(store, frames: i, firstSequence: i * 1000, seed: i)).Id);
        }

        await store.DeleteFramesAsync(ids[20], 20_005, Ct);
        await store.DeleteFramesAsync(ids[21], cancellationToken: Ct);
        var archives = await ids.ToAsyncEnumerable().Select(async (SessionId id, CancellationToken _) => await Archived.ExportAsync(store, id)).ToListAsync(Ct);
        var other = new InMemorySessionStore();

        await Archived.ImportAsync(other, await Archived.ExportAllAsync(store));
        foreach (var id in ids)
        {
            Assert.True(await store.DeleteSessionAsync(id, Ct));
        }

        await Archived.ImportAsync(store, await Archived.ExportAllAsync(other));

        Assert.Equal(30, await store.CountSessionsAsync(Ct));
        for (var i = 0; i < ids.Count; i++)
        {
            Assert.Equal(archives[i], await Archived.ExportAsync(store, ids[i]));
        }

        var emptied = await GottenAsync(store, ids[21]);
        Assert.Equal((21_021, 21_021), (emptied.FrameCount, emptied.FirstSequence));
    }

    private static async Task<(SessionId Session, byte[] Archive)> CreateAsync()
    {
        var origin = new InMemorySessionStore();
        var session = await Archived.RecordedAsync(origin, frames: 10_000);
        return (session.Id, await Archived.ExportAsync(origin, session.Id));
    }
}
