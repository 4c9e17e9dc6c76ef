using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.Inspector.Tests.Registration;

/// <summary>Nobody shows what was said to everybody by forgetting a line.</summary>
public sealed class AuthorizationTests
{
    [Fact]
    public async Task Start_WithoutAWordOnAuthorization_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(application => application.MapSessionInspector("/sessions")));

        Assert.Contains("MapSessionInspector(\"/sessions\").RequireAuthorization", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AllowAnonymous()", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_InDevelopment_NeedsNone()
    {
        await using var application = await StartAsync(application => application.MapSessionInspector("/sessions"), environment: "Development");

        Assert.Equal(HttpStatusCode.OK, (await application.GetAsync("api/sessions")).Status);
    }

    [Fact]
    public async Task Start_WithAllowAnonymous_ServesEverybody()
    {
        await using var application = await StartAsync(application => application.MapSessionInspector("/sessions").AllowAnonymous());

        Assert.Equal(HttpStatusCode.OK, (await application.GetAsync("api/sessions")).Status);
    }

    [Fact]
    public async Task Start_WithAFallbackPolicy_IsAllowed()
    {
        await using var application = await StartAsync(
            application => application.MapSessionInspector("/sessions"),
            services => services.AddAuthorization(options => options.FallbackPolicy = Operators));

        Assert.NotNull(application.Client);
    }

    [Theory]
    [InlineData("")]
    [InlineData("api/info")]
    [InlineData("api/sessions")]
    [InlineData("api/sessions/s")]
    [InlineData("api/sessions/s/frames")]
    [InlineData("api/sessions/s/frames/0")]
    [InlineData("api/sessions/s/frames/0/payload")]
    [InlineData("api/sessions/s/follow")]
    [InlineData("api/sessions/s/export")]
    [InlineData("api/export?ids=s")]
    [InlineData("api/changes")]
    [InlineData("assets/0/main.js")]
    public async Task RequireAuthorization_OfEveryEndpoint_LetsInWhoMeetsThePolicyAlone(string path)
    {
        await using var application = await StartAsync(
            application =>
            {
                application.UseAuthorization();
                application.MapSessionInspector("/sessions").RequireAuthorization("operators");
            },
            services => services.AddAuthorization(options => options.AddPolicy("operators", Operators)).AddAuthentication("none").AddScheme<NobodyOptions, Nobody>("none", configureOptions: null));

        using var nobody = await application.SendAsync(HttpMethod.Get, path);
        using var bob = await application.SendAsync(HttpMethod.Get, path, "bob");
        using var alice = await application.SendAsync(HttpMethod.Get, path, "alice");

        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, bob.StatusCode);
        Assert.NotEqual(HttpStatusCode.Unauthorized, alice.StatusCode);
        Assert.NotEqual(HttpStatusCode.Forbidden, alice.StatusCode);
    }

    [Fact]
    public async Task Request_WhereItWasNotMapped_FindsNothing()
    {
        await using var application = await StartAsync(static _ => { });

        foreach (var path in (string[])["", "api/sessions", "api/info", "assets/0/main.js"])
        {
            using var response = await application.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Map_InAGroup_IsProtectedByIt()
    {
        await using var application = await StartAsync(application => ((IEndpointRouteBuilder)application).MapGroup("").AllowAnonymous().MapSessionInspector("/sessions"));

        Assert.Equal(HttpStatusCode.OK, (await application.GetAsync("api/sessions")).Status);
    }

    [Fact]
    public async Task Map_InAGroupThatSaysNothing_ServesNobody()
    {
        await using var application = await StartAsync(application => ((IEndpointRouteBuilder)application).MapGroup("").MapSessionInspector("/sessions"));

        using var response = await application.SendAsync(HttpMethod.Get, "api/sessions");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    [Fact]
    public async Task Map_WithoutAStore_SaysHowToRegisterOne()
    {
        var plain = await Assert.ThrowsAsync<InvalidOperationException>(() => InspectedApplication.StartAsync(static _ => { }, static application => application.MapSessionInspector()));
        var named = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(static application => application.MapSessionInspector(configure: static options => options.StoreName = "audit")));

        Assert.Contains("call AddShadowcatSessions and choose a store", plain.Message, StringComparison.Ordinal);
        Assert.Contains("AddShadowcatSessions(\"audit\")", named.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_WithADeletePolicyAndNoAuthorization_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(static application => application.MapSessionInspector(configure: static options => options.DeletePolicy = "p")));

        Assert.Contains("call AddAuthorization", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_WithParametersInItsPath_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>("pattern", () => StartAsync(static application => application.MapSessionInspector("/{tenant}/sessions")));

    [Fact]
    public async Task Map_OfAStoreByName_ShowsThatOne()
    {
        var audit = await Recorded.BeginAsync();
        await using var application = await InspectedApplication.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<ISessionStore>(new InMemorySessionStore());
                builder.Services.AddKeyedSingleton("audit", audit.Store);
            },
            static application => application.MapSessionInspector("/sessions", static options => options.StoreName = "audit").AllowAnonymous());

        var (_, list) = await application.GetAsync("api/sessions");
        var (_, info) = await application.GetAsync("api/info");

        Assert.Equal(audit.Session.Id.Value, Assert.Single(list.GetProperty("sessions").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("audit", Assert.Single(info.GetProperty("stores").EnumerateArray()).GetString());
    }

    private static AuthorizationPolicy Operators => new AuthorizationPolicyBuilder().RequireClaim("sub", "alice").Build();

    private static Task<InspectedApplication> StartAsync(Action<WebApplication> map, Action<IServiceCollection>? services = null, string environment = "Production") => InspectedApplication.StartAsync(
        builder =>
        {
            builder.Services.AddSingleton<ISessionStore>(new InMemorySessionStore());
            services?.Invoke(builder.Services);
        },
        map,
        environment);
}
