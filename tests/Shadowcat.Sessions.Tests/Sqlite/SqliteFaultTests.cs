namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary>A file that cannot be used: each call fails with the exception of the contract that fits, which names the operation and the file.</summary>
public sealed class SqliteFaultTests : SqliteStoreTest
{
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task NoDatabase_EveryCall_IsAWrongConfiguration()
    {
        await System.IO.File.WriteAllTextAsync(File.Path, new string('x', 10_000), Ct);
        var store = Store();
        var session = Make.Session();

        await AssertFailsAsync<SessionStoreConfigurationException>("CreateSession", "damaged", async () => await store.CreateSessionAsync(session, Ct));
        await AssertFailsAsync<SessionStoreConfigurationException>("GetSession", "damaged", async () => await store.GetSessionAsync(session.Id, Ct));
        await AssertFailsAsync<SessionStoreConfigurationException>("AddFrame", "damaged", async () => await store.AddFrameAsync(Make.Frame(session.Id), Ct));
        await AssertFailsAsync<SessionStoreConfigurationException>("GetFrames", "damaged", async () => await ReadAsync(store, session.Id));
        await AssertFailsAsync<SessionStoreConfigurationException>("FollowFrames", "damaged", async () => await store.FollowFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct));
        await AssertFailsAsync<SessionStoreConfigurationException>("CountSessions", "damaged", async () => await store.CountSessionsAsync(Ct));
        var health = await SessionStoreHealth.OfAsync(store, TimeSpan.FromSeconds(5), Ct);
        Assert.Equal((false, false), (health.Facts[HealthFacts.Reachable], health.Facts[HealthFacts.Writable]));
        Assert.DoesNotContain(File.Path, $"{health}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task DamagedPages_Read_IsAWrongConfiguration()
    {
        var session = await CreatedAsync(Store(), frames: 1000);
        await CloseAsync();
        await using (var file = new FileStream(File.Path, FileMode.Open, FileAccess.Write))
        {
            // Everything but the page with the header and the schema.
            file.Seek(16 * 1024, SeekOrigin.Begin);
            var garbage = new byte[file.Length - file.Position];
            Array.Fill(garbage, (byte)0xAB);
            await file.WriteAsync(garbage, Ct);
        }

        var store = Store();

        await AssertFailsAsync<SessionStoreConfigurationException>("GetSession", "damaged", async () => await store.GetSessionAsync(session.Id, Ct));
        await AssertFailsAsync<SessionStoreConfigurationException>("AddFrame", "damaged", async () => await store.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    [Fact]
    public async Task DamagedDescription_OfOneSession_IsUnreadableAndPassedOver()
    {
        var store = Store();
        var damaged = await CreatedAsync(store, frames: 2);
        var whole = await CreatedAsync(store);
        File.Run($"UPDATE sessions SET description = '[' WHERE id = '{damaged.Id}'");

        var exception = await Assert.ThrowsAsync<SessionSerializationException>(async () => await store.GetSessionAsync(damaged.Id, Ct));
        Assert.Equal(("GetSession", damaged.Id), (exception.Operation, exception.SessionId));
        Assert.Equal([whole.Id], await store.ListSessionsAsync(null, Ct).Select(session => session.Id).ToListAsync(Ct));
        Make.AssertNumbered(await ReadAsync(store, damaged.Id), 0, 2);
        Assert.True(await store.DeleteSessionAsync(damaged.Id, Ct));
    }

    [Theory]
    [InlineData("UPDATE frames SET metadata = '[' WHERE (place & 4294967295) = 2")]
    [InlineData("UPDATE frames SET kind = 99 WHERE (place & 4294967295) = 2")]
    [InlineData("UPDATE frames SET at = -1 WHERE (place & 4294967295) = 2")]
    [InlineData("UPDATE frames SET request_id = 'x' WHERE (place & 4294967295) = 2")]
    [InlineData("DELETE FROM frames WHERE (place & 4294967295) = 2")]
    public async Task DamagedFrame_Read_IsNamedAndTheOthersCanBeRead(string damage)
    {
        var store = Store();
        var session = await CreatedAsync(store, frames: 5);
        File.Run(damage);
        var read = new List<MessageEnvelope>();

        var exception = await Assert.ThrowsAsync<SessionSerializationException>(async () =>
        {
            await foreach (var frame in store.GetFramesAsync(session.Id, default, Ct))
            {
                read.Add(frame);
            }
        });

        Assert.Equal((2, session.Id), (exception.Sequence, exception.SessionId));
        Make.AssertNumbered(read, 0, 2);
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, FrameRange.From(3), Ct).ToListAsync(Ct), 3, 2);
    }

    [Fact]
    public async Task AnotherProgramsDatabase_IsRefusedAndLeftAsItIs()
    {
        File.Run("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)");
        var store = Store();

        await AssertFailsAsync<SessionStoreConfigurationException>("CreateSession", "another program", async () => await store.CreateSessionAsync(Make.Session(), Ct));

        Assert.Equal(["theirs"], File.Query("SELECT name FROM sqlite_master"));
    }

    [Fact]
    public async Task LayoutOfANewerVersion_IsRefusedByName()
    {
        await CreatedAsync(Store());
        await CloseAsync();
        File.Run("PRAGMA user_version = 2");
        var store = Store();

        await AssertFailsAsync<SessionStoreConfigurationException>("CountSessions", "layout 2 of a newer version", async () => await store.CountSessionsAsync(Ct));
        await AssertFailsAsync<SessionStoreConfigurationException>("CreateSession", "layout 2 of a newer version", async () => await store.CreateSessionAsync(Make.Session(), Ct));
    }

    [Fact]
    public async Task LockedByAnotherProcess_Write_FailsWhenItsTimeIsUpAndReadsGoOn()
    {
        var store = Store(options => options.LockTimeout = ShortTimeout);
        var session = await CreatedAsync(store, frames: 2);
        await using (var other = File.Open())
        {
            await using var transaction = other.BeginTransaction(deferred: false);

            var exception = await AssertFailsAsync<SessionStoreUnavailableException>("AddFrame", "locked", async () => await store.AddFrameAsync(Make.Frame(session.Id, 2), Ct));
            Assert.False(exception.OutcomeUnknown);
            Assert.Equal(session.Id, exception.SessionId);
            await AssertFailsAsync<SessionStoreUnavailableException>("UpdateSession", "locked", async () => await store.UpdateSessionAsync(session.AsClosed(SessionStatus.Failed), Ct));
            Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 2);
            var health = await SessionStoreHealth.OfAsync(store, TimeSpan.FromSeconds(5), Ct);
            Assert.Equal((true, false, true), (health.Facts[HealthFacts.Reachable], health.Facts[HealthFacts.Writable], health.Facts[HealthFacts.Outage]));
        }

        Assert.Equal(2, await store.AddFrameAsync(Make.Frame(session.Id, 2), Ct));
        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 3);
    }

    [Fact]
    public async Task LockedByAnotherProcess_WriteThatWaits_IsDoneWhenTheLockIsGone()
    {
        var store = Store();
        var session = await CreatedAsync(store);
        Task<long> append;
        await using (var other = File.Open())
        {
            await using var transaction = other.BeginTransaction(deferred: false);
            append = store.AddFrameAsync(Make.Frame(session.Id, 0), Ct).AsTask();
            using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var cancelled = store.AddFrameAsync(Make.Frame(session.Id, 7), cancelling.Token).AsTask();
            await cancelling.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            Assert.False(append.IsCompleted);
        }

        Assert.Equal(0, await append);
        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 1);
    }

    [Fact]
    public async Task ReadOnlyFile_Write_IsAWrongConfigurationAndReadsGoOn()
    {
        var session = await CreatedAsync(Store(), frames: 2);
        await CloseAsync();
        await using (var file = new FileStream(File.Path, FileMode.Open, FileAccess.Write))
        {
            // The version that a program must know to write. One that does not know it reads only, whatever its rights: root may write every file.
            file.Seek(18, SeekOrigin.Begin);
            file.WriteByte(3);
        }

        var store = Store();

        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 2);
        await AssertFailsAsync<SessionStoreConfigurationException>("AddFrame", "read-only", async () => await store.AddFrameAsync(Make.Frame(session.Id), Ct));
        await AssertFailsAsync<SessionStoreConfigurationException>("DeleteSession", "read-only", async () => await store.DeleteSessionAsync(session.Id, Ct));
    }

    [Fact]
    public async Task FullFile_Write_IsRefusedAndWhatIsDeletedMakesRoom()
    {
        var store = Store(options => options.MaxFileBytes = 1024 * 1024);
        var session = await CreatedAsync(store);
        var stored = 0;
        SessionLimitExceededException? full = null;
        while (full is null)
        {
            full = await Record.ExceptionAsync(async () => await store.AddFrameAsync(Make.Frame(session.Id, new byte[50_000]), Ct)) as SessionLimitExceededException;
            stored += full is null ? 1 : 0;
            Assert.True(stored < 30, "The file grew beyond its bound.");
        }

        Assert.Equal((SessionLimitExceededException.Disk, "AddFrame", true), (full.Limit, full.Operation, full.IsTransient));
        Assert.Contains(File.Path, full.Message, StringComparison.Ordinal);
        Assert.Equal(stored, (await store.GetSessionAsync(session.Id, Ct))!.FrameCount);
        Assert.Equal(stored, (await ReadAsync(store, session.Id)).Count);

        await store.DeleteFramesAsync(session.Id, 5, Ct);
        Assert.Equal(stored, await store.AddFrameAsync(Make.Frame(session.Id, new byte[50_000]), Ct));
    }

    [Fact]
    public async Task Batch_OneWriteThatTheFileHasNoRoomFor_FailsAlone()
    {
        var store = Store(options => options.MaxFileBytes = 1024 * 1024);
        var session = await CreatedAsync(store);
        Task<long>[] appends;
        await using (var other = File.Open())
        {
            // While the file is locked, the writes that wait become one batch.
            await using var transaction = other.BeginTransaction(deferred: false);
            MessageEnvelope[] frames =
            [
                Make.Frame(session.Id, 0),
                Make.Frame(session.Id, 1),
                Make.Frame(SessionId.New(), 2),
                Make.Frame(session.Id, new byte[2_000_000]),
                Make.Frame(session.Id, 2),
            ];
            appends = [.. frames.Select(frame => store.AddFrameAsync(frame, Ct).AsTask())];
        }

        Assert.Equal((0, 1, 2), (await appends[0], await appends[1], await appends[4]));
        await Assert.ThrowsAsync<SessionNotFoundException>(() => appends[2]);
        await Assert.ThrowsAsync<SessionLimitExceededException>(() => appends[3]);
        Make.AssertNumbered(await ReadAsync(store, session.Id), 0, 3);
    }

    [Fact]
    public async Task PathThatIsAFolder_IsAWrongConfiguration()
    {
        Directory.CreateDirectory(File.Path);

        await AssertFailsAsync<SessionStoreConfigurationException>("CountSessions", "cannot be opened", async () => await Store().CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task FolderThatIsAFile_IsAWrongConfiguration()
    {
        await System.IO.File.WriteAllTextAsync(File.Path, "", Ct);
        var store = Store(options => options.Path = System.IO.Path.Combine(File.Path, "sessions.db"));

        await AssertFailsAsync<SessionStoreConfigurationException>("CountSessions", "cannot be opened", async () => await store.CountSessionsAsync(Ct));
    }

    [Fact]
    public async Task Disposed_EveryCall_SaysSo()
    {
        var store = Store();
        var session = await CreatedAsync(store, frames: 1);
        await CloseAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.GetSessionAsync(session.Id, Ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.AddFrameAsync(Make.Frame(session.Id), Ct));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await ReadAsync(store, session.Id));
    }

    private async Task<TException> AssertFailsAsync<TException>(string operation, string reason, Func<Task> call)
        where TException : SessionStoreException
    {
        var exception = await Assert.ThrowsAsync<TException>(call);
        Assert.Equal(operation, exception.Operation);
        Assert.Contains(File.Path, exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        return exception;
    }
}
