using System.Net;
using System.Text;

namespace Shadowcat.Sessions.Inspector.Tests.Exporting;

/// <summary>Sessions that are downloaded.</summary>
public sealed class ExportTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_AsAnArchive_IsOneThatStoresTake()
    {
        var recorded = await RecordAsync("a/b\"c");
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        using var response = await application.SendAsync(HttpMethod.Get, "api/sessions/a%2Fb%22c/export");
        var copy = new InMemorySessionStore();
        await copy.ImportSessionsAsync(await response.Content.ReadAsStreamAsync(Ct), cancellationToken: Ct);

        Assert.Equal(3, (await copy.GetSessionAsync(recorded.Session.Id, Ct))?.FrameCount);
        Assert.Equal(("application/x-ndjson", "attachment"), (response.Content.Headers.ContentType?.MediaType, response.Content.Headers.ContentDisposition?.DispositionType));
        Assert.DoesNotContain('/', response.Content.Headers.ContentDisposition?.FileName ?? "/");
    }

    [Fact]
    public async Task Export_OfSeveral_IsOneArchive()
    {
        var store = new InMemorySessionStore();
        var (first, second) = (await RecordAsync("s,1", store), await RecordAsync("s2", store));
        await RecordAsync("s3", store);
        await using var application = await InspectedApplication.StartAsync(store);

        using var response = await application.SendAsync(HttpMethod.Get, "api/export?format=jsonl&ids=s%2C1&ids=s2&ids=gone");
        var copy = new InMemorySessionStore();
        await copy.ImportSessionsAsync(await response.Content.ReadAsStreamAsync(Ct), cancellationToken: Ct);

        Assert.Equal([first.Session.Id, second.Session.Id], await copy.ListSessionsAsync(cancellationToken: Ct).Select(static session => session.Id).OrderBy(static id => id).ToListAsync(Ct));
    }

    [Fact]
    public async Task Export_AsAPage_HasTheFramesThatWereChosen()
    {
        var recorded = await RecordAsync("s");
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        var all = new SavedPage(await application.Client.GetStringAsync(new Uri("api/sessions/s/export?format=html", UriKind.Relative), Ct));
        var some = new SavedPage(await application.Client.GetStringAsync(new Uri("api/sessions/s/export?format=HTML&frames=0,2-9", UriKind.Relative), Ct));

        Assert.Equal([0, 1, 2], all.Frames.Select(static frame => frame.GetProperty("s").GetInt32()));
        Assert.Equal([0, 2], some.Frames.Select(static frame => frame.GetProperty("s").GetInt32()));
        Assert.Equal((false, true), (all.Session.GetProperty("selection").GetBoolean(), some.Session.GetProperty("selection").GetBoolean()));
    }

    [Fact]
    public async Task Export_OfChosenFrames_IsAnArchiveOfThoseThatStoresTake()
    {
        var recorded = await RecordAsync("s");
        await recorded.ServerAsync("""{"jsonrpc":"2.0","method":"last"}""");
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        using var response = await application.SendAsync(HttpMethod.Get, "api/sessions/s/export?format=jsonl&frames=1,3-9");
        var copy = new InMemorySessionStore();
        await copy.ImportSessionsAsync(await response.Content.ReadAsStreamAsync(Ct), cancellationToken: Ct);

        var frames = await copy.GetFramesAsync(recorded.Session.Id, cancellationToken: Ct).ToListAsync(Ct);
        Assert.Equal([(0, "n", "1"), (1, "last", "3")], frames.Select(static frame => (frame.Sequence, frame.Method, frame.Metadata["selection.sequence"])));
    }

    [Theory]
    [InlineData("frames=0,2-9", 0, 9, "0 2")]
    [InlineData("frames=0,2-9", 1, 1, "2")]
    [InlineData("frames=7-9", 0, 9, "")]
    public async Task Export_OfChosenFramesInAFormThatWasAdded_ReadsThoseAlone(string chosen, int from, int count, string expected)
    {
        var recorded = await RecordAsync("s");
        await using var application = await InspectedApplication.StartAsync(recorded.Store, options => options.AddExport("txt", async (store, id, destination, cancellationToken) =>
        {
            var frames = await store.GetFramesAsync(id, FrameRange.From(from, count), cancellationToken).ToListAsync(cancellationToken);
            await destination.WriteAsync(Encoding.UTF8.GetBytes(string.Join(' ', frames.Select(static frame => frame.Metadata["selection.sequence"]))), cancellationToken);
        }));

        Assert.Equal(expected, await application.Client.GetStringAsync(new Uri($"api/sessions/s/export?format=txt&{chosen}", UriKind.Relative), Ct));
    }

    [Fact]
    public async Task Export_InAFormThatWasAdded_IsWrittenByIt()
    {
        var recorded = await RecordAsync("s");
        await using var application = await InspectedApplication.StartAsync(recorded.Store, static options =>
        {
            options.AddExport("txt", static (_, id, destination, cancellationToken) => destination.WriteAsync(Encoding.UTF8.GetBytes($"it is {id}"), cancellationToken).AsTask());
            options.AddExport("har", static (_, _, _, _) => throw new NotSupportedException("it went over stdio"));
        });

        using var text = await application.SendAsync(HttpMethod.Get, "api/sessions/s/export?format=txt");
        var (status, problem) = await application.GetAsync("api/sessions/s/export?format=har");
        var (_, info) = await application.GetAsync("api/info");

        Assert.Equal("it is s", await text.Content.ReadAsStringAsync(Ct));
        Assert.Equal((HttpStatusCode.Conflict, "it went over stdio"), (status, problem.GetProperty("detail").GetString()));
        Assert.Equal(["jsonl", "html", "txt", "har"], info.GetProperty("exports").EnumerateArray().Select(static format => format.GetString()));
    }

    [Theory]
    [InlineData("api/sessions/s/export?format=pdf", HttpStatusCode.BadRequest, "'format' is one of jsonl, html; 'pdf' is not among them.")]
    [InlineData("api/sessions/s/export?format=html&frames=2-1", HttpStatusCode.BadRequest, "'2-1' does not fit")]
    [InlineData("api/sessions/s/export?format=html&frames=2,1", HttpStatusCode.BadRequest, "'1' does not fit")]
    [InlineData("api/sessions/s/export?format=html&frames=x", HttpStatusCode.BadRequest, "'x' does not fit")]
    [InlineData("api/sessions/s/export?q=kind:request", HttpStatusCode.BadRequest, "name them in 'frames'")]
    [InlineData("api/sessions/none/export", HttpStatusCode.NotFound, "Go back to the list")]
    [InlineData("api/export", HttpStatusCode.BadRequest, "these are 0")]
    [InlineData("api/export?ids=gr%C3%B6", HttpStatusCode.BadRequest, "is no id of a session")]
    [InlineData("api/export?ids=s&format=html", HttpStatusCode.BadRequest, "Several sessions are one archive")]
    public async Task Export_ThatIsNotUnderstood_SaysWhy(string path, HttpStatusCode expected, string detail)
    {
        var recorded = await RecordAsync("s");
        await using var application = await InspectedApplication.StartAsync(recorded.Store);

        var (status, problem) = await application.GetAsync(path);

        Assert.Equal(expected, status);
        Assert.Contains(detail, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_WhereItIsOff_IsRefused()
    {
        var recorded = await RecordAsync("s");
        await using var application = await InspectedApplication.StartAsync(recorded.Store, static options => options.AllowExport = false);

        var (one, _) = await application.GetAsync("api/sessions/s/export");
        var (many, _) = await application.GetAsync("api/export?ids=s");
        var (_, info) = await application.GetAsync("api/info");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (one, many));
        Assert.Equal((false, 0), (info.GetProperty("canExport").GetBoolean(), info.GetProperty("exports").GetArrayLength()));
    }

    [Theory]
    [InlineData("html")]
    [InlineData("jsonl")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("har")]
    [InlineData("HAR")]
    [InlineData("seventeencharacte")]
    public void AddExport_OfANameThatCannotBe_IsRefused(string format)
    {
        var options = new SessionInspectorOptions();
        options.AddExport("har", static (_, _, _, _) => Task.CompletedTask);

        Assert.Throws<ArgumentException>(() => options.AddExport(format, static (_, _, _, _) => Task.CompletedTask));
    }

    private static async Task<Recorded> RecordAsync(string id, ISessionStore? store = null)
    {
        var recorded = await Recorded.BeginAsync(store, new Session(new SessionId(id), TransportType.Stdio));
        for (var number = 0; number < 3; number++)
        {
            await recorded.ClientAsync("""{"jsonrpc":"2.0","method":"n"}""");
        }

        return recorded;
    }
}
