using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Tests.Conformance;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What cannot be read is named where it is asked for, passed over in a listing, never touched, and can be deleted.</summary>
public sealed class UnreadableTests(RedisFixture redis) : SharedServerTest(redis)
{
    /// <summary>A field, what it holds (null: it is gone), and the format version that an error names.</summary>
    public static TheoryData<string, string?, long?> Damages { get; } = new()
    {
        { "format", "2", 2 },
        { "format", "99999999999999", 99999999999999 },
        { "format", "one", null },
        { "format", null, null },
        { "gen", "not a generation", 1 },
        { "gen", null, 1 },
        { "transport", "99", 1 },
        { "transport", "4294967296", 1 },
        { "status", "x", 1 },
        { "state", "-1", 1 },
        { "boundary", null, 1 },
        { "created", "99999999999999999", 1 },
        { "ttl", "0", 1 },
        { "ttl", "soon", 1 },
        { "ttl", "9223372036854775807", 1 },
        { "max", null, 1 },
        { "max", "never", 1 },
        { "active", "now", 1 },
        { "expires", null, 1 },
        { "list", null, 1 },
        { "frames", "many", 1 },
        { "frames", null, 1 },
        { "first", "", 1 },
        { "ver", "1.5", 1 },
        { "client", "{", 1 },
        { "client", "[]", 1 },
        { "server", "{\"name\":\"\\ud800\"}", 1 },
        { "versions", "{\"attempts\":[null]}", 1 },
        { "versions", "[[[[[[[[[[[[1]]]]]]]]]]]]", 1 },
        { "tags", "{}", 1 },
        { "tags", "null", 1 },
        { "tags", "[null]", 1 },
        { "tags", "[\"\\ud800\"]", 1 },
        { "owner", "{}", 1 },
        { "owner", "7", 1 },
        { "alias", "\u0007", 1 },
        { "reason", "", 1 },
    };

    // Nothing of a session but these is needed by a script; the rest only a reader stumbles over.
    private static readonly string[] NeededToAppend = ["format", "list", "frames", "first", "ttl", "expires"];
    private static readonly string[] NeededToTouch = ["format", "list", "ttl", "max", "born", "expires"];
    private static readonly string[] NeededToDeleteFrames = ["format", "list", "frames", "first", "bytes", "counted"];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Session_Damaged_IsNamedByReadsAndPassedOverByListings(string field, string? value, long? version)
    {
        using var unreadable = new Counted("shadowcat.sessions.unreadable");
        var log = new CollectingLogger();
        var store = new RedisSessionStore(Lab.Connection, null, new RedisSessionStoreOptions { KeyPrefix = Lab.Prefix }, logger: log.For<RedisSessionStore>());
        await using var disposing = store;
        var good = await store.CreateSessionAsync(Make.FullSession(), Ct);
        var id = await DamagedAsync(store, field, value);

        var exception = await Assert.ThrowsAsync<SessionSerializationException>(() => store.GetSessionAsync(id, Ct).AsTask());
        Assert.Equal((Operations.GetSession, id, version, null), (exception.Operation, exception.SessionId, exception.FormatVersion, exception.Sequence));
        Assert.Contains(id.Value, exception.Message, StringComparison.Ordinal);
        Assert.Contains(version is null ? "no format version" : $"format version {version}", exception.Message, StringComparison.Ordinal);

        exception = await Assert.ThrowsAsync<SessionSerializationException>(() => store.GetSessionsAsync([good.Id, id], Ct).AsTask());
        Assert.Equal((Operations.GetSessions, id, version), (exception.Operation, exception.SessionId, exception.FormatVersion));

        Assert.Equal([good], await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        var warning = Assert.Single(log.Entries);
        Assert.Equal((LogLevel.Warning, 1), (warning.Level, warning.Id.Id));
        Assert.Equal(1, unreadable.Total);
        Assert.Equal(2, await store.CountSessionsAsync(Ct));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    [InlineData("born", null, 1L)] // which no reader needs
    [InlineData("born", "once", 1L)]
    [InlineData("bytes", null, 1L)]
    [InlineData("bytes", "some", 1L)]
    [InlineData("counted", null, 1L)]
    public async Task Session_Damaged_IsNotTouchedByWritesThatNeedTheDamaged(string field, string? value, long? version)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.FullSession(), Ct);
        await DamagedAsync(store, field, value, session);
        var before = await Lab.DumpAsync();

        async Task RefusedAsync(Func<Task> write)
        {
            var exception = await Assert.ThrowsAsync<SessionSerializationException>(write);
            Assert.Equal((session.Id, version), (exception.SessionId, exception.FormatVersion));
            Assert.Equal(before.Where(IsOfASession), (await Lab.DumpAsync()).Where(IsOfASession));
        }

        var needed = 0;
        if (NeededToAppend.Contains(field) && !(field == "ttl" && long.TryParse(value, out _)))
        {
            needed++;
            await RefusedAsync(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
        }

        if (NeededToTouch.Contains(field) && !(field == "ttl" && long.TryParse(value, out _)))
        {
            needed++;
            await RefusedAsync(() => store.TouchSessionAsync(session.Id, Ct).AsTask());
        }

        if (NeededToDeleteFrames.Contains(field))
        {
            needed++;
            await RefusedAsync(() => store.DeleteFramesAsync(session.Id, cancellationToken: Ct).AsTask());
            await RefusedAsync(() => store.DeleteFramesAsync(session.Id, 1, Ct).AsTask());
        }

        if (field is "format" or "list" or "frames" or "first")
        {
            await RefusedAsync(() => store.CountFramesAsync(session.Id, Ct).AsTask());
            await RefusedAsync(() => store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct).AsTask());
        }

        // An update writes what the application owns, and so mends it; what the store owns it cannot mend.
        if (field is "format" or "list" or "frames" or "first" or "born" or "active" or "expires" or "ver" or "gen")
        {
            needed++;
            await RefusedAsync(() => store.UpdateSessionAsync(session with { CloseReason = "done" }, Ct).AsTask());
        }

        Assert.True(needed > 0 || field is not ("format" or "list" or "frames" or "first" or "born" or "max"));
        Assert.True(await store.DeleteSessionAsync(session.Id, Ct));
        Assert.Equal([Lab.Partition.Tombstone(session.Id).ToString()], (await Lab.KeysAsync()).Where(IsOfASession));
    }

    [Theory]
    [InlineData("max", "never")]
    [InlineData("max", null)]
    [InlineData("born", "once")]
    [InlineData("born", null)]
    public async Task Append_DeadlineHasToMoveAndItsBoundsAreDamaged_IsRefusedAndWritesNothing(string field, string? value)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.FullSession(), Ct);
        await store.AddFrameAsync(Make.Frame(session.Id), Ct);
        await DamagedAsync(store, field, value, session);
        await Lab.Database.HashSetAsync(Lab.Partition.Session(session.Id), "expires", 1);
        var before = await Lab.DumpAsync();

        // The store that appended before knows the list, and for a moment pushes onto it without looking at the session.
        var exception = await Assert.ThrowsAsync<SessionSerializationException>(() => Lab.Store().AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());

        Assert.Equal((session.Id, 1), (exception.SessionId, exception.FormatVersion));
        Assert.Equal(before.Where(IsOfASession), (await Lab.DumpAsync()).Where(IsOfASession));
    }

    [Fact]
    public async Task Listing_ManyUnreadableAmongReadable_YieldsTheReadableAndCountsTheOthers()
    {
        using var unreadable = new Counted("shadowcat.sessions.unreadable");
        var store = Lab.Store();
        var sessions = await Task.WhenAll(Make.Sessions(300).Select(session => store.CreateSessionAsync(session, Ct).AsTask()));
        foreach (var session in sessions.Where((_, i) => i % 3 == 0))
        {
            await Lab.Database.HashSetAsync(Lab.Partition.Session(session.Id), "format", 2);
        }

        var listed = await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal(sessions.Where((_, i) => i % 3 != 0).Select(session => session.Id).Order(), listed.Select(session => session.Id));
        Assert.Equal(100, unreadable.Total);
    }

    [Fact]
    public async Task Listing_KeyOfAnotherType_IsPassedOver()
    {
        using var unreadable = new Counted("shadowcat.sessions.unreadable");
        var store = Lab.Store();
        var good = await store.CreateSessionAsync(Make.Session(), Ct);
        var bad = await store.CreateSessionAsync(Make.Session(), Ct);
        await Lab.Database.StringSetAsync(Lab.Partition.Session(bad.Id), "somebody else's");

        Assert.Equal([good], await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        Assert.Equal(1, unreadable.Total);
    }

    [Theory]
    [InlineData("9C02C0C0C0C0C0C0C0C0C0C0C0", 2L)] // of a format that is yet to come
    [InlineData("9CCF7FFFFFFFFFFFFFFFC0C0C0C0C0C0C0C0C0C0C0", long.MaxValue)]
    [InlineData("9C01C0C0C0C0C0C0C0C0C0C0C0", 1L)] // of this format, and damaged
    [InlineData("9C01", 1L)] // cut off
    [InlineData("9C", null)]
    [InlineData("C1", null)] // no MessagePack
    [InlineData("", null)]
    public async Task Frame_Unreadable_EndsTheReadingThereAndLetsItGoOnBehind(string hex, long? version)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 100), Ct);
        await Lab.Database.ListSetByIndexAsync(Lab.Partition.Frames(session.Id, ListNames.First), 40, Convert.FromHexString(hex));

        var read = new List<MessageEnvelope>();
        var exception = await Assert.ThrowsAsync<SessionSerializationException>(async () =>
        {
            await foreach (var frame in store.GetFramesAsync(session.Id, cancellationToken: Ct))
            {
                read.Add(frame);
            }
        });

        Make.AssertNumbered(read, 0, 40);
        Assert.Equal((Operations.GetFrames, session.Id, 40, version), (exception.Operation, exception.SessionId, exception.Sequence, exception.FormatVersion));
        Assert.Contains(session.Id.Value, exception.Message, StringComparison.Ordinal);
        Assert.Contains("frame 40", exception.Message, StringComparison.Ordinal);

        var borrowed = 0;
        exception = await Assert.ThrowsAsync<SessionSerializationException>(async () =>
        {
            await foreach (var frame in store.BorrowFramesAsync(session.Id, cancellationToken: Ct))
            {
                Assert.Equal(borrowed++, frame.Sequence);
            }
        });
        Assert.Equal(40, borrowed);
        Assert.Equal((Operations.BorrowFrames, session.Id, 40, version), (exception.Operation, exception.SessionId, exception.Sequence, exception.FormatVersion));
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, FrameRange.From(41), Ct).ToListAsync(Ct), 41, 59);
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, FrameRange.Last(59), Ct).ToListAsync(Ct), 41, 59);
        Assert.Equal(100, await store.AddFrameAsync(Make.Frame(session.Id), Ct));
    }

    [Fact]
    public async Task List_ShorterThanTheSessionSays_IsNamed()
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 10), Ct);
        await Lab.Database.ListRightPopAsync(Lab.Partition.Frames(session.Id, ListNames.First));
        var before = await Lab.DumpAsync();

        foreach (var range in new[] { FrameRange.All, FrameRange.Last(100) })
        {
            await Assert.ThrowsAsync<SessionSerializationException>(() => store.GetFramesAsync(session.Id, range, Ct).ToListAsync(Ct).AsTask());
        }

        await Assert.ThrowsAsync<SessionSerializationException>(() => Lab.Store().AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
        await Assert.ThrowsAsync<SessionSerializationException>(() => store.DeleteFramesAsync(session.Id, cancellationToken: Ct).AsTask());
        Assert.Equal(before.Where(IsOfASession), (await Lab.DumpAsync()).Where(IsOfASession));
    }

    /// <summary>All but the layout record and what is remembered of writers, who are answered refusals too.</summary>
    private bool IsOfASession(string line) =>
        !line.StartsWith(Lab.Record.ToString(), StringComparison.Ordinal) && !line.StartsWith(Lab.Partition.Writers.ToString(), StringComparison.Ordinal);

    private async Task<SessionId> DamagedAsync(RedisSessionStore store, string field, string? value, Session? session = null)
    {
        session ??= await store.CreateSessionAsync(Make.FullSession(), Ct);
        RedisKey key = Lab.Partition.Session(session.Id);
        if (value is null)
        {
            Assert.True(await Lab.Database.HashDeleteAsync(key, field));
        }
        else
        {
            Assert.False(await Lab.Database.HashSetAsync(key, field, value), "There is no such field in a session with everything.");
        }

        return session.Id;
    }

    /// <summary>Adds up a counter of the library, as far as this test's own calls count: measurements are made on the caller's path.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly AsyncLocal<bool> _mine = new() { Value = true };
        private long _total;

        public Counted(string counter)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Shadowcat.Sessions" && instrument.Name == counter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, measurement, _, _) =>
            {
                if (_mine.Value)
                {
                    Interlocked.Add(ref _total, measurement);
                }
            });
            _listener.Start();
        }

        public long Total => Interlocked.Read(ref _total);

        public void Dispose() => _listener.Dispose();
    }
}
