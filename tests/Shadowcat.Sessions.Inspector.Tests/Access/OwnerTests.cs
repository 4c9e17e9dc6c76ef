using System.Net;
using System.Text;

namespace Shadowcat.Sessions.Inspector.Tests.Access;

/// <summary>A user who sees his own sessions alone.</summary>
public sealed class OwnerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("/frames")]
    [InlineData("/frames?last=10")]
    [InlineData("/frames/0")]
    [InlineData("/frames/0/payload")]
    [InlineData("/follow")]
    [InlineData("/export")]
    [InlineData("/export?format=html")]
    public async Task Session_OfAnother_IsAsIfItWereNotThere(string path)
    {
        var (store, bobs) = await StoreAsync();
        await using var application = await InspectedApplication.StartAsync(store, static options => options.OwnerOnly = true);

        using var others = await application.SendAsync(HttpMethod.Get, $"api/sessions/{bobs.Session.Id}{path}", "alice");
        using var absent = await application.SendAsync(HttpMethod.Get, $"api/sessions/none{path}", "alice");
        using var nobodys = await application.SendAsync(HttpMethod.Get, $"api/sessions/nobodys{path}", "alice");
        using var own = await application.SendAsync(HttpMethod.Get, $"api/sessions/{bobs.Session.Id}{path}", "bob");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.OK), (others.StatusCode, absent.StatusCode, nobodys.StatusCode, own.StatusCode));
        Assert.Equal(await absent.Content.ReadAsStringAsync(Ct), await others.Content.ReadAsStringAsync(Ct));
        Assert.Equal(Headers(absent), Headers(others));
    }

    [Fact]
    public async Task List_ForAUser_IsHisAloneWithoutCounts()
    {
        var (store, bobs) = await StoreAsync();
        await Recorded.BeginAsync(store, Recorded.OwnedBy("alice"));
        await using var application = await InspectedApplication.StartAsync(store, static options => options.OwnerOnly = true);

        var (_, list) = await application.GetAsync("api/sessions", "bob");
        var (_, searched) = await application.GetAsync("api/sessions?q=owner:alice", "bob");

        Assert.Equal(bobs.Session.Id.Value, Assert.Single(list.GetProperty("sessions").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, list.GetProperty("total").ValueKind);
        Assert.Equal(0, searched.GetProperty("sessions").GetArrayLength());
    }

    [Fact]
    public async Task List_ForNobody_IsRefused()
    {
        var (store, bobs) = await StoreAsync();
        await using var application = await InspectedApplication.StartAsync(store, static options => options.OwnerOnly = true);

        var (status, problem) = await application.GetAsync("api/sessions");
        var (single, _) = await application.GetAsync($"api/sessions/{bobs.Session.Id}");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.NotFound), (status, single));
        Assert.Contains("names no user", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_OfSeveral_LeavesOutWhatIsAnothers()
    {
        var (store, bobs) = await StoreAsync();
        var own = await Recorded.BeginAsync(store, Recorded.OwnedBy("alice"));
        await using var application = await InspectedApplication.StartAsync(store, static options => options.OwnerOnly = true);

        using var response = await application.SendAsync(HttpMethod.Get, $"api/export?ids={bobs.Session.Id}&ids={own.Session.Id}&ids=nobodys", "alice");
        var archive = await response.Content.ReadAsStringAsync(Ct);

        Assert.Contains(own.Session.Id.Value, archive, StringComparison.Ordinal);
        Assert.DoesNotContain(bobs.Session.Id.Value, archive, StringComparison.Ordinal);
        Assert.DoesNotContain("nobodys", archive, StringComparison.Ordinal);
    }

    /// <summary>Whose it is cannot be read either.</summary>
    [Fact]
    public async Task Session_ThatCannotBeRead_IsAsIfItWereNotThere()
    {
        var (store, bobs) = await StoreAsync();
        var failing = new FailingStore(store) { UnreadableSession = bobs.Session.Id };
        await using var restricted = await InspectedApplication.StartAsync(failing, static options => options.OwnerOnly = true);
        await using var open = await InspectedApplication.StartAsync(failing);

        var (hidden, _) = await restricted.GetAsync($"api/sessions/{bobs.Session.Id}", "alice");
        var (shown, problem) = await open.GetAsync($"api/sessions/{bobs.Session.Id}");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.UnprocessableEntity), (hidden, shown));
        Assert.StartsWith("the session has another format", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task<(ISessionStore Store, Recorded Bobs)> StoreAsync()
    {
        var store = new InMemorySessionStore();
        var bobs = await Recorded.BeginAsync(store, Recorded.OwnedBy("bob"));
        await bobs.AddAsync(MessageDirection.ClientToServer, Encoding.UTF8.GetBytes("a secret"));
        await store.CloseSessionAsync(bobs.Session.Id, cancellationToken: Ct);
        await Recorded.BeginAsync(store, new Session(new SessionId("nobodys"), TransportType.Stdio));
        return (store, bobs);
    }

    private static IEnumerable<string> Headers(HttpResponseMessage response) =>
        response.Headers.Concat(response.Content.Headers).Where(static header => header.Key != "Date").Select(static header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal);
}
