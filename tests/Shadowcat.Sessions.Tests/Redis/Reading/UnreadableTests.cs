using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What cannot be read is named where it is asked for, passed over in a listing, never touched, and can be deleted.</summary>
public sealed class UnreadableTests(RedisFixture redis) : SharedServerTest(redis)
{
    /// <summary>A field, or an element of what one holds; what is there instead (null: it is gone); and the format version that an error names.</summary>
    public static TheoryData<string, string?, long?> Damages { get; } = new()
    {
        { "format", "1", 1 }, // what describes the session was MessagePack then
        { "format", "3", 3 },
        { "format", "99999999999999", 99999999999999 },
        { "format", "one", null },
        { "format", null, null },
        { "session", null, 2 },
        { "session", "", 2 },
        { "session", "somebody else's", 2 },
        { "session", "{}", 2 },
        { "session", "null", 2 },
        { "session", "{} {}", 2 },
        { "session.transport_type", "\"tcp\"", 2 },
        { "session.transport_type", "3", 2 },
        { "session.transport_type", "null", 2 },
        { "session.status", "\"Active\"", 2 },
        { "session.state", "-1", 2 },
        { "session.boundary", null, 2 },
        { "session.client_info", "{", 2 },
        { "session.client_info", "[]", 2 },
        { "session.client_info", "\"[]\"", 2 },
        { "session.server_info", "{\"name\":\"\\ud800\"}", 2 },
        { "session.version_state", "{\"attempts\":[null]}", 2 },
        { "session.version_state", "{\"attempts\":[[]]}", 2 },
        { "session.version_state", "{\"requested\":7}", 2 },
        { "session.version_state", "[[[[[[[[[[[[1]]]]]]]]]]]]", 2 },
        { "session.tags", "{}", 2 },
        { "session.tags", "[null]", 2 },
        { "session.tags", "[\"\\ud800\"]", 2 },
        { "session.attributes", "[]", 2 },
        { "session.attributes", "{\"a\":1}", 2 },
        { "session.attributes", "{\"\":\"a\"}", 2 },
        { "session.attributes", "{\"a\":\"1\",\"a\":\"2\"}", 2 },
        { "session.owner", "{}", 2 },
        { "session.owner", "[\"sub\",\"alice\"]", 2 },
        { "session.owner", "7", 2 },
        { "session.transport_session_id", "\"\\u0007\"", 2 },
        { "session.correlation_key", "{}", 2 },
        { "session.close_reason", "\"\"", 2 },
        { "version", null, 2 },
        { "version", "", 2 },
        { "version.0", "not-a-generation", 2 },
        { "version.1", "1.5", 2 },
        { "version.2", "99999999999999999", 2 },
        { "version.2", null, 2 },
        { "life", null, 2 },
        { "life.0", "", 2 },
        { "life.1", "now", 2 },
        { "life.2", "0", 2 },
        { "life.2", "soon", 2 },
        { "life.2", "9223372036854775807", 2 },
        { "life.3", "never", 2 },
        { "life.4", null, 2 },
        { "life.4", "0 0 0", 2 },
        { "list", null, 2 },
        { "list.0", null, 2 },
        { "list.1", "", 2 },
        { "list.2", "many", 2 },
    };

    // Nothing of a session but these is needed by a script; the rest only a reader stumbles over.
    private static readonly string[] NeededToAppend = ["format", "list", "life"];
    private static readonly string[] NeededToTouch = ["format", "list", "life"];
    private static readonly string[] NeededToDeleteFrames = ["format", "list", "size"];

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
        var warning = Assert.Single(log.Entries, static entry => entry.Level >= LogLevel.Warning);
        Assert.Equal((LogLevel.Warning, 1), (warning.Level, warning.Id.Id));
        Assert.Equal(1, unreadable.Total);
        Assert.Equal(2, await store.CountSessionsAsync(Ct));
    }

    [Theory]
    [MemberData(nameof(Damages))]
    [InlineData("size", "", 2L)] // which no reader needs
    [InlineData("size", "some 0", 2L)]
    [InlineData("size", "0", 2L)]
    public async Task Session_Damaged_IsNotTouchedByWritesThatNeedTheDamaged(string field, string? value, long? version)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.FullSession(), Ct);
        await DamagedAsync(store, field, value, session);
        var before = await Lab.DumpAsync();

        // A number is one to a script, whatever it means.
        var whole = field.Split('.')[0];
        var isNumber = field != whole && long.TryParse(value, out _);

        async Task RefusedAsync(Func<Task> write)
        {
            var exception = await Assert.ThrowsAsync<SessionSerializationException>(write);
            Assert.Equal((session.Id, version), (exception.SessionId, exception.FormatVersion));
            Assert.Equal(before.Where(IsOfASession), (await Lab.DumpAsync()).Where(IsOfASession));
        }

        var needed = 0;
        if (NeededToAppend.Contains(whole) && !isNumber)
        {
            needed++;
            await RefusedAsync(() => store.AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
        }

        if (NeededToTouch.Contains(whole) && !isNumber)
        {
            needed++;
            await RefusedAsync(() => store.TouchSessionAsync(session.Id, Ct).AsTask());
        }

        if (NeededToDeleteFrames.Contains(whole))
        {
            needed++;
            await RefusedAsync(() => store.DeleteFramesAsync(session.Id, cancellationToken: Ct).AsTask());
            await RefusedAsync(() => store.DeleteFramesAsync(session.Id, 1, Ct).AsTask());
        }

        if (whole is "format" or "list")
        {
            await RefusedAsync(() => store.CountFramesAsync(session.Id, Ct).AsTask());
            await RefusedAsync(() => store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct).AsTask());
        }

        // An update writes what the application owns, and so mends it; what the store owns it cannot mend.
        if (whole is "format" or "list" or "life" or "version" && !isNumber)
        {
            needed++;
            await RefusedAsync(() => store.UpdateSessionAsync(session with { CloseReason = "done" }, Ct).AsTask());
        }

        Assert.True(needed > 0 || isNumber || whole is "session");
        Assert.True(await store.DeleteSessionAsync(session.Id, Ct));
        Assert.Equal([Lab.Partition.Operations.ToString()], (await Lab.KeysAsync()).Where(IsOfASession));
    }

    [Fact]
    public async Task Listing_ManyUnreadableAmongReadable_YieldsTheReadableAndCountsTheOthers()
    {
        using var unreadable = new Counted("shadowcat.sessions.unreadable");
        var store = Lab.Store();
        var sessions = await Task.WhenAll(Make.Sessions(300).Select(session => store.CreateSessionAsync(session, Ct).AsTask()));
        foreach (var session in sessions.Where((_, i) => i % 3 == 0))
        {
            await Lab.Database.HashSetAsync(Lab.Partition.Session(session.Id), "format", 3);
        }

        var listed = await store.ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct);

        Assert.Equal(sessions.Where((_, i) => i % 3 != 0).OrderBy(session => session.CreatedAt).ThenBy(session => session.Id).Select(session => session.Id), listed.Select(session => session.Id));
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
    public async Task Frame_Unreadable_EndsTheReadingThereAndLetsItGoOnBehind(string hex, long? version)
    {
        var store = Lab.Store();
        var session = await store.CreateSessionAsync(Make.Session(), Ct);
        await store.AddFramesAsync(session.Id, Make.Frames(session.Id, 100), Ct);
        await Lab.Database.ListSetByIndexAsync(await Lab.ListKeyAsync(session.Id), 40, Convert.FromHexString(hex));

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
        await Lab.Database.ListRightPopAsync(await Lab.ListKeyAsync(session.Id));
        var before = await Lab.DumpAsync();

        foreach (var range in new[] { FrameRange.All, FrameRange.Last(100) })
        {
            await Assert.ThrowsAsync<SessionSerializationException>(() => store.GetFramesAsync(session.Id, range, Ct).ToListAsync(Ct).AsTask());
        }

        await Assert.ThrowsAsync<SessionSerializationException>(() => store.DeleteFramesAsync(session.Id, cancellationToken: Ct).AsTask());
        Assert.Equal(before.Where(IsOfASession), (await Lab.DumpAsync()).Where(IsOfASession));

        // Only the next append fails; the frame that is gone has a marker from then on, and its sequence is not given again.
        await Assert.ThrowsAsync<FramesLostException>(() => Lab.Store().AddFrameAsync(Make.Frame(session.Id), Ct).AsTask());
        Assert.Equal(10, await Lab.Store().AddFrameAsync(Make.Frame(session.Id), Ct));
        Make.AssertNumbered(await store.GetFramesAsync(session.Id, FrameRange.From(0, 9), Ct).ToListAsync(Ct), 0, 9);
        var lost = await Assert.ThrowsAsync<FramesLostException>(() => store.GetFramesAsync(session.Id, cancellationToken: Ct).ToListAsync(Ct).AsTask());
        Assert.Equal(9, lost.Sequence);
        Assert.Equal(10, Assert.Single(await store.GetFramesAsync(session.Id, FrameRange.From(10), Ct).ToListAsync(Ct)).Sequence);
    }

    /// <summary>All but the layout record.</summary>
    private bool IsOfASession(string line) =>
        !line.StartsWith(Lab.Record.ToString(), StringComparison.Ordinal);

    private async Task<SessionId> DamagedAsync(RedisSessionStore store, string field, string? value, Session? session = null)
    {
        session ??= await store.CreateSessionAsync(Make.FullSession(), Ct);
        RedisKey key = Lab.Partition.Session(session.Id);
        if (field.Split('.') is [var whole, var part])
        {
            var stored = (byte[])(await Lab.Database.HashGetAsync(key, whole))!;
            await Lab.Database.HashSetAsync(key, whole, whole == "session" ? DamagedPart.Of(stored, part, value) : Reworded(stored, int.Parse(part), value));
        }
        else if (value is null)
        {
            Assert.True(await Lab.Database.HashDeleteAsync(key, field));
        }
        else
        {
            await Lab.Database.HashSetAsync(key, field, value);
        }

        return session.Id;
    }

    /// <summary>Words with one of them replaced; null: it is left out.</summary>
    private static string Reworded(byte[] stored, int word, string? value)
    {
        var words = Encoding.ASCII.GetString(stored).Split(' ');
        return string.Join(' ', value is null ? words.Where((_, i) => i != word) : words.Select((other, i) => i == word ? value : other));
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
