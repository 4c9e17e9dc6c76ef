using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>No id leads where it should not.</summary>
public abstract class EventIsolationTests(EventSessions sessions) : EventStoreTest(sessions)
{
    [Fact]
    public async Task Streams_OfOneSessionAndOfOthers_DoNotLeak()
    {
        await using var one = await WriterAsync(SseEventStreamMode.Polling, stream: "1");
        await using var two = await WriterAsync(SseEventStreamMode.Polling, stream: "2");
        await using var other = await WriterAsync(SseEventStreamMode.Polling, "another session", "1");
        var first = await one.WriteEventAsync(Item(0), Ct);
        await two.WriteEventAsync(Item(100), Ct);
        await other.WriteEventAsync(Item(200), Ct);
        await one.WriteEventAsync(Item(1), Ct);
        await two.WriteEventAsync(Item(101), Ct);

        Assert.Equal([1], (await ReadAsync(first.EventId!)).Select(Number));
    }

    [Fact]
    public async Task Streams_OfTheSameName_DoNotLeak()
    {
        // A client may use a request id again; and the stream that waits for messages has one name at every replica.
        await using var one = await WriterAsync(SseEventStreamMode.Polling);
        await using var again = await WriterAsync(SseEventStreamMode.Polling);
        var first = await one.WriteEventAsync(Item(0), Ct);
        await again.WriteEventAsync(Item(100), Ct);
        await one.WriteEventAsync(Item(1), Ct);

        Assert.Equal([1], (await ReadAsync(first.EventId!)).Select(Number));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("not an id")]
    [InlineData("1!!!!")]
    [InlineData("1AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("2AAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("dGhlIHNlc3Npb24=:c3RyZWFt:1")]
    public async Task GetReader_IdThatIsNone_IsNull(string id) => Assert.Null(await Store(Sessions).GetStreamReaderAsync(id, Ct));

    [Fact]
    public async Task GetReader_IdThatWasNotHandedOut_IsNull()
    {
        await using var alices = await WriterAsync(SseEventStreamMode.Polling, "alice");
        await using var bobs = await WriterAsync(SseEventStreamMode.Polling, "bob");
        await WriteAsync(alices, 3);
        Assert.True(EventId.TryParse((await WriteAsync(bobs, 3))[1], out var id));
        var store = Store(Sessions);

        foreach (var forged in new[]
        {
            id with { SessionId = "alice" },
            id with { SessionId = "nobody" },
            id with { Sequence = 3 },
            id with { Sequence = long.MaxValue },
            id with { Stream = id.Stream + 1 },
        })
        {
            Assert.Null(await store.GetStreamReaderAsync(forged.ToString(), Ct));
        }

        Assert.NotNull(await store.GetStreamReaderAsync(id.ToString(), Ct));
    }

    [Fact]
    public async Task GetReader_InOtherHands_IsNull()
    {
        const string Nameless = "somebody without a name";
        var users = new Dictionary<string, ClaimsPrincipal?>
        {
            ["alice"] = User(new Claim("sub", "alice")),
            ["bob"] = User(new Claim("sub", "bob")),
            ["alice of another issuer"] = User(new Claim("sub", "alice", null, "other")),
            [Nameless] = User(new Claim("role", "guest")),
            ["nobody"] = null,
        };
        foreach (var (writes, writer) in users)
        {
            await using var stream = await Store(writer).CreateStreamAsync(Stream($"of {writes}", "1"), Ct);
            var id = (await stream.WriteEventAsync(Item(0), Ct)).EventId!;
            foreach (var (reads, reader) in users)
            {
                var finds = await Store(reader).GetStreamReaderAsync(id, Ct) is not null;

                // A session without an owner is open to any caller without authentication who knows its id. An authenticated caller without a name resumes nothing.
                Assert.True(finds == (reads == writes && writes != Nameless), $"{reads} resumes a stream of {writes}: {finds}");
            }
        }

        static ClaimsPrincipal User(Claim claim) => new(new ClaimsIdentity([claim], "test"));

        SessionEventStore Store(ClaimsPrincipal? user)
        {
            var http = new HttpContextAccessor { HttpContext = new DefaultHttpContext { User = user ?? new ClaimsPrincipal(new ClaimsIdentity()) } };
            return new SessionEventStore(new EventLog(Sessions, Options.Create(new SessionEventStoreOptions()), http: http), NullLogger<SessionEventStore>.Instance);
        }
    }

    [Fact]
    public async Task GetReader_PlaceThatIsNoEvent_IsNull()
    {
        await using var writer = await WriterAsync();
        Assert.True(EventId.TryParse((await writer.WriteEventAsync(Item(0), Ct)).EventId!, out var id));
        await writer.SetModeAsync(SseEventStreamMode.Polling, Ct);

        Assert.Null(await Store(Sessions).GetStreamReaderAsync((id with { Sequence = 1 }).ToString(), Ct));
    }
}
