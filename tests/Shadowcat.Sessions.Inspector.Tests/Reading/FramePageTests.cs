using System.Net;
using System.Text;

namespace Shadowcat.Sessions.Inspector.Tests.Reading;

/// <summary>Ranges of frames, single ones, and payloads.</summary>
public sealed class FramePageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 0, 10, 10)]
    [InlineData("?from=3&count=4", 3, 7, 4)]
    [InlineData("?from=8&count=4", 8, 10, 2)]
    [InlineData("?from=10", 10, 10, 0)]
    [InlineData("?from=4000", 4000, 4000, 0)]
    [InlineData("?from=2199023255552", 2199023255552, 2199023255552, 0)]
    [InlineData("?last=3", 7, 10, 3)]
    [InlineData("?last=0", 10, 10, 0)]
    [InlineData("?last=5000", 0, 10, 10)]
    public async Task Frames_OfARange_ComeInOrder(string query, long first, long next, int count)
    {
        var recorded = await RecordAsync(10);
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        var (_, page) = await application.GetAsync($"{Path(recorded)}/frames{query}");

        Assert.Equal((first, next, 0, Math.Max(10, next)), (page.GetProperty("first").GetInt64(), page.GetProperty("next").GetInt64(), page.GetProperty("kept").GetInt64(), page.GetProperty("end").GetInt64()));
        Assert.Equal(Enumerable.Range(0, count).Select(number => first + number), page.GetProperty("frames").EnumerateArray().Select(static frame => frame.GetProperty("s").GetInt64()));
    }

    [Fact]
    public async Task Frames_ThatWereTrimmed_AreNoLongerKept()
    {
        var recorded = await RecordAsync(10);
        await recorded.Store.DeleteFramesAsync(recorded.Session.Id, 4, Ct);
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        var (status, problem) = await application.GetAsync($"{Path(recorded)}/frames?from=1");
        var (single, _) = await application.GetAsync($"{Path(recorded)}/frames/1");
        var (_, newest) = await application.GetAsync($"{Path(recorded)}/frames?last=100");

        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.Gone, 4), (status, single, problem.GetProperty("first").GetInt64()));
        Assert.Equal((4, 4, 6), (newest.GetProperty("first").GetInt64(), newest.GetProperty("kept").GetInt64(), newest.GetProperty("frames").GetArrayLength()));
    }

    [Fact]
    public async Task Frames_OfWhichSomeCannotBeRead_SayWhichAndWhy()
    {
        var recorded = await RecordAsync(6);
        await using var application = await InspectedApplication.StartAsync(new FailingStore(recorded.Store) { Unreadable = { 0, 2, 3, 5 } });

        var (_, page) = await application.GetAsync($"{Path(recorded)}/frames");
        var (status, problem) = await application.GetAsync($"{Path(recorded)}/frames/2");

        Assert.Equal([true, false, true, true, false, true], page.GetProperty("frames").EnumerateArray().Select(static frame => frame.TryGetProperty("bad", out _)));
        Assert.Equal("""{"s":2,"bad":"the frame has another format (no format version)"}""", page.GetProperty("frames")[2].GetRawText());
        Assert.Equal((6, HttpStatusCode.UnprocessableEntity), (page.GetProperty("next").GetInt64(), status));
        Assert.StartsWith("the frame has another format (no format version).", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frames_OfManyLargeMessages_AreShorterPages()
    {
        var store = new InMemorySessionStore(new SessionStoreOptions { MaxFrameBytes = 64 * 1024 * 1024, MaxBatchBytes = 64 * 1024 * 1024 });
        var recorded = await Recorded.BeginAsync(store);
        var large = new byte[8 * 1024 * 1024];
        for (var number = 0; number < 20; number++)
        {
            await recorded.AddAsync(MessageDirection.ServerToClient, large);
        }

        await using var application = await InspectedApplication.StartAsync(store);

        var (_, first) = await application.GetAsync($"{Path(recorded)}/frames");
        var (_, second) = await application.GetAsync($"{Path(recorded)}/frames?from={first.GetProperty("next").GetInt64()}");

        Assert.Equal((16, 20), (first.GetProperty("next").GetInt64(), first.GetProperty("end").GetInt64()));
        Assert.Equal((20, 4), (second.GetProperty("next").GetInt64(), second.GetProperty("frames").GetArrayLength()));
    }

    [Theory]
    [InlineData("/frames?count=0", HttpStatusCode.BadRequest, "'count' is a number from 1 to 5000")]
    [InlineData("/frames?count=5001", HttpStatusCode.BadRequest, "'count' is a number from 1 to 5000")]
    [InlineData("/frames?from=-1", HttpStatusCode.BadRequest, "'from' is a number")]
    [InlineData("/frames?from=9223372036854775807", HttpStatusCode.BadRequest, "'from' is a number")]
    [InlineData("/frames/9223372036854775807", HttpStatusCode.BadRequest, "Frames are counted from 0")]
    [InlineData("/frames?last=x", HttpStatusCode.BadRequest, "'last' is a number")]
    [InlineData("/frames/x", HttpStatusCode.BadRequest, "Frames are counted from 0")]
    [InlineData("/frames/99", HttpStatusCode.NotFound, "The session has the frames 0 to 1; 99 is not among them.")]
    [InlineData("/frames/99/payload", HttpStatusCode.NotFound, "99 is not among them")]
    public async Task Frames_ThatAreNotUnderstood_SayWhy(string path, HttpStatusCode expected, string detail)
    {
        var recorded = await RecordAsync(2);
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        var (status, problem) = await application.GetAsync(Path(recorded) + path);

        Assert.Equal(expected, status);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Frame_WithMetadata_SaysHeadersAndTheRest()
    {
        var recorded = await Recorded.BeginAsync();
        await recorded.ServerAsync("""{"jsonrpc":"2.0","id":1,"result":{}}""", "x", ("http.header.mcp-name", "echo"), ("sse.id", "7"), ("http.status", "200"));
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        var (_, frame) = await application.GetAsync($"{Path(recorded)}/frames/0");

        Assert.Equal("""{"mcp-name":"echo"}""", frame.GetProperty("headers").GetRawText());
        Assert.Equal(["http.status", "sse.id"], frame.GetProperty("metadata").EnumerateObject().Select(static entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("x", "response", "streamable-http", 200), (frame.GetProperty("x").GetString(), frame.GetProperty("k").GetString(), frame.GetProperty("transport").GetString(), frame.GetProperty("h").GetInt32()));
    }

    [Fact]
    public async Task Payload_OfWhateverBytes_IsDataAndNothingElse()
    {
        byte[] bytes = [.. "<script>alert(1)</script>"u8, 0, 0xFF, 0x1B];
        var recorded = await Recorded.BeginAsync();
        await recorded.AddAsync(MessageDirection.ServerToClient, bytes);
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        using var whole = await application.SendAsync(HttpMethod.Get, $"{Path(recorded)}/frames/0/payload");
        using var part = await application.SendAsync(HttpMethod.Get, $"{Path(recorded)}/frames/0/payload", headers: ("Range", "bytes=1-6"));
        using var beyond = await application.SendAsync(HttpMethod.Get, $"{Path(recorded)}/frames/0/payload", headers: ("Range", "bytes=99-"));

        Assert.Equal(bytes, await whole.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(("application/octet-stream", "nosniff", "no-store"), ($"{whole.Content.Headers.ContentType}", $"{whole.Headers.NonValidated["X-Content-Type-Options"]}", $"{whole.Headers.CacheControl}"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'; sandbox", $"{whole.Headers.NonValidated["Content-Security-Policy"]}");
        Assert.Equal((HttpStatusCode.PartialContent, "script"), (part.StatusCode, await part.Content.ReadAsStringAsync(Ct)));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
    }

    [Fact]
    public async Task Reading_OfEverything_ChangesNothing()
    {
        var recorded = await RecordAsync(3);
        var before = await recorded.Store.GetSessionAsync(recorded.Session.Id, Ct);
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        foreach (var path in (string[])["", "/frames", "/frames/1", "/frames/1/payload", "/export", "/export?format=html"])
        {
            using var response = await application.SendAsync(HttpMethod.Get, Path(recorded) + path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.Content.ReadAsByteArrayAsync(Ct);
        }

        Assert.Equal(before, await recorded.Store.GetSessionAsync(recorded.Session.Id, Ct));
    }

    [Theory]
    [InlineData("POST", "api/sessions/{id}")]
    [InlineData("DELETE", "api/sessions/{id}")]
    [InlineData("PUT", "api/sessions/{id}/frames/0")]
    [InlineData("GET", "api/sessions/delete/x")]
    public async Task Request_ByAnotherMethod_IsNotServed(string method, string path)
    {
        var recorded = await RecordAsync(1);
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        using var response = await application.SendAsync(new HttpMethod(method), path.Replace("{id}", recorded.Session.Id.Value, StringComparison.Ordinal));

        Assert.Contains(response.StatusCode, new[] { HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound });
        Assert.NotNull(await recorded.Store.GetSessionAsync(recorded.Session.Id, Ct));
    }

    private static async Task<Recorded> RecordAsync(int frames)
    {
        var recorded = await Recorded.BeginAsync();
        for (var number = 0; number < frames; number++)
        {
            await recorded.AddAsync(MessageDirection.ClientToServer, Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"n/{{number}}"}"""));
        }

        return recorded;
    }

    private static string Path(Recorded recorded) => $"api/sessions/{recorded.Session.Id}";
}
