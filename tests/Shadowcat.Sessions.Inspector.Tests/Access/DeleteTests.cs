using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.Inspector.Tests.Access;

/// <summary>The one thing that changes a store: off, but for whom a policy lets, and only where the page itself asks.</summary>
public sealed class DeleteTests
{
    private const string Header = "X-Shadowcat-Antiforgery";

    private readonly InMemorySessionStore _store = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Delete_ByWhoMeetsThePolicy_DeletesWhatIsNamed()
    {
        var (first, second, third) = (await RecordAsync(), await RecordAsync(), await RecordAsync());
        await using var application = await StartAsync();
        var (token, cookie) = await TokenAsync(application, "alice");

        using var response = await DeleteAsync(application, $$"""{"ids":["{{first}}","{{second}}","none","{{first}}"]}""", "alice", (Header, token), ("Cookie", cookie), ("Origin", application.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal((HttpStatusCode.OK, """{"deleted":2}"""), (response.StatusCode, await response.Content.ReadAsStringAsync(Ct)));
        Assert.Equal([third], await _store.ListSessionsAsync(cancellationToken: Ct).Select(static session => session.Id).ToListAsync(Ct));
    }

    [Fact]
    public async Task Delete_WithoutAPolicy_IsOff()
    {
        var id = await RecordAsync();
        await using var application = await InspectedApplication.StartAsync(_store);

        using var response = await DeleteAsync(application, $$"""{"ids":["{{id}}"]}""", "alice");
        var (_, info) = await application.GetAsync("api/info", "alice");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("DeletePolicy names no policy", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal((false, JsonValueKind.Null), (info.GetProperty("canDelete").GetBoolean(), info.GetProperty("antiforgery").ValueKind));
        Assert.NotNull(await _store.GetSessionAsync(id, Ct));
    }

    [Fact]
    public async Task Delete_ByWhoDoesNotMeetThePolicy_IsRefused()
    {
        var id = await RecordAsync();
        await using var application = await StartAsync();
        var (token, cookie) = await TokenAsync(application, "alice");

        using var response = await DeleteAsync(application, $$"""{"ids":["{{id}}"]}""", "bob", (Header, token), ("Cookie", cookie));
        var (_, info) = await application.GetAsync("api/info", "bob");

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.False(info.GetProperty("canDelete").GetBoolean());
        Assert.NotNull(await _store.GetSessionAsync(id, Ct));
    }

    [Theory]
    [InlineData("token", null, null, null)]
    [InlineData(null, "cookie", null, null)]
    [InlineData("other", "cookie", null, null)]
    [InlineData("token", "other", null, null)]
    [InlineData("token", "cookie", "https://evil.example", null)]
    [InlineData("token", "cookie", "null", null)]
    [InlineData("token", "cookie", null, "cross-site")]
    [InlineData("token", "cookie", null, "same-site")]
    public async Task Delete_ThatAnotherSiteMayHaveAskedFor_IsRefused(string? token, string? cookie, string? origin, string? site)
    {
        var id = await RecordAsync();
        await using var application = await StartAsync();
        var (known, own) = await TokenAsync(application, "alice");
        var (other, otherCookie) = await TokenAsync(application, "alice");
        List<(string, string)> headers = [];
        Add(Header, token, known, other);
        Add("Cookie", cookie, own, otherCookie);
        Add("Origin", origin, "", "");
        Add("Sec-Fetch-Site", site, "", "");

        using var response = await DeleteAsync(application, $$"""{"ids":["{{id}}"]}""", "alice", [.. headers]);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.NotNull(await _store.GetSessionAsync(id, Ct));

        void Add(string name, string? given, string right, string wrong)
        {
            if (given is not null)
            {
                headers.Add((name, given is "token" or "cookie" ? right : given == "other" ? wrong : given));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"ids":"a"}""")]
    [InlineData("""{"ids":[1]}""")]
    [InlineData("""{"ids":[null]}""")]
    [InlineData("""{"ids":["größe"]}""")]
    public async Task Delete_ThatIsNotUnderstood_SaysWhatItWants(string body)
    {
        await using var application = await StartAsync();
        var (token, cookie) = await TokenAsync(application, "alice");

        using var response = await DeleteAsync(application, body, "alice", (Header, token), ("Cookie", cookie));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("an array of the ids of sessions", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_OfTooMany_DeletesNone()
    {
        var id = await RecordAsync();
        await using var application = await StartAsync();
        var (token, cookie) = await TokenAsync(application, "alice");
        var ids = string.Join(',', Enumerable.Range(0, 1000).Select(static number => $"\"s{number}\"").Append($"\"{id}\""));

        using var response = await DeleteAsync(application, $$"""{"ids":[{{ids}}]}""", "alice", (Header, token), ("Cookie", cookie));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotNull(await _store.GetSessionAsync(id, Ct));
    }

    [Fact]
    public async Task Delete_OfAnothersSession_DoesNothing()
    {
        var bobs = await Recorded.BeginAsync(_store, Recorded.OwnedBy("bob"));
        await using var application = await StartAsync(static options => options.OwnerOnly = true);
        var (token, cookie) = await TokenAsync(application, "alice");

        using var response = await DeleteAsync(application, $$"""{"ids":["{{bobs.Session.Id}}"]}""", "alice", (Header, token), ("Cookie", cookie));

        Assert.Equal("""{"deleted":0}""", await response.Content.ReadAsStringAsync(Ct));
        Assert.NotNull(await _store.GetSessionAsync(bobs.Session.Id, Ct));
    }

    [Fact]
    public async Task Info_ForWhoMayDelete_SetsACookieForThePageAlone()
    {
        await using var application = await StartAsync();

        using var response = await application.SendAsync(HttpMethod.Get, "api/info", "alice");
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        var (kept, _) = await TokenAsync(application, "alice", cookie.Split(';')[0]);

        Assert.EndsWith("; path=/sessions/; samesite=strict; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains(kept, cookie, StringComparison.Ordinal);
    }

    private Task<InspectedApplication> StartAsync(Action<SessionInspectorOptions>? configure = null) => InspectedApplication.StartAsync(
        _store,
        options =>
        {
            options.DeletePolicy = "delete";
            configure?.Invoke(options);
        },
        static services => services.AddAuthorization(static options => options.AddPolicy("delete", new AuthorizationPolicyBuilder().RequireClaim("sub", "alice").Build())));

    private async Task<SessionId> RecordAsync() => (await Recorded.BeginAsync(_store)).Session.Id;

    private static async Task<(string Token, string Cookie)> TokenAsync(InspectedApplication application, string user, string? known = null)
    {
        using var response = await application.SendAsync(HttpMethod.Get, "api/info", user, known is null ? [] : [("Cookie", known)]);
        var info = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Ct)).RootElement;
        var cookie = response.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single().Split(';')[0] : known!;
        Assert.Equal(Header, info.GetProperty("antiforgery").GetProperty("header").GetString());
        return (info.GetProperty("antiforgery").GetProperty("token").GetString()!, cookie);
    }

    private static Task<HttpResponseMessage> DeleteAsync(InspectedApplication application, string body, string user, params (string Name, string Value)[] headers) =>
        application.SendAsync(HttpMethod.Post, "api/sessions/delete", body, user, headers);
}
