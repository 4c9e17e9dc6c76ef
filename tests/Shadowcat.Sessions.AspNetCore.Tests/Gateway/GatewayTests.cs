using System.Net;
using Gateway.Demo;
using Gateway.Serving;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.AspNetCore.Tests.Gateway;

/// <summary>The sample, and with it sessions that go from process to process.</summary>
public sealed class GatewayTests(RedisFixture redis)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_BetweenTwoProcesses_IsItsOwnersUntilItIsDeleted()
    {
        await using var gateway = await GatewayHost.StartAsync(redis.Configuration, "http://127.0.0.1:0", replicas: 2, Ct, RedisFixture.NewPrefix());
        using var probe = new SessionProbe();
        await using var alice = await DemoClient.ConnectAsync(gateway.Endpoint, "alice", Ct);
        var session = alice.SessionId!;

        var served = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            served.Add(await DemoClient.CallAsync(alice, "where", Ct));
        }

        Assert.Equal(["replica 1 serves alice in 2025-11-25", "replica 2 serves alice in 2025-11-25"], served.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("alice's client, which can ask the user", await DemoClient.CallAsync(alice, "client", Ct));
        foreach (var replica in gateway.Replicas)
        {
            Assert.Equal("Healthy", await probe.HealthAsync(replica.Address, Ct));
            Assert.Equal(HttpStatusCode.OK, await probe.CallAsync(replica.Address, "alice", session, Ct));
            Assert.Equal(HttpStatusCode.NotFound, await probe.CallAsync(replica.Address, "bob", session, Ct));
            Assert.Equal(await probe.DeleteAsync(replica.Address, "bob", "none", Ct), await probe.DeleteAsync(replica.Address, "bob", session, Ct));
            Assert.Equal(HttpStatusCode.OK, await probe.CallAsync(replica.Address, "alice", session, Ct));
        }

        Assert.Equal(HttpStatusCode.OK, await probe.DeleteAsync(gateway.Replicas[1].Address, "alice", session, Ct));

        foreach (var replica in gateway.Replicas)
        {
            Assert.Equal(HttpStatusCode.NotFound, await probe.CallAsync(replica.Address, "alice", session, Ct));
            Assert.Equal(HttpStatusCode.NotFound, await probe.CallAsync(replica.Address, "bob", session, Ct));
        }
    }

    [Fact]
    public async Task Session_WhoseProcessIsKilled_GoesOnAtTheOther()
    {
        await using var gateway = await GatewayHost.StartAsync(redis.Configuration, "http://127.0.0.1:0", replicas: 2, Ct, RedisFixture.NewPrefix());
        await using var alice = await DemoClient.ConnectAsync(gateway.Endpoint, "alice", Ct);
        await DemoClient.CallAsync(alice, "where", Ct);

        await gateway.Replicas[0].KillAsync();

        Assert.Equal("replica 2 serves alice in 2025-11-25", await DemoClient.CallAsync(alice, "where", Ct));
        Assert.Equal("replica 2 serves alice in 2025-11-25", await DemoClient.CallAsync(alice, "where", Ct));
    }

    [Fact]
    public async Task Inspector_OfAGatewayOnLoopback_ShowsWhatBothReplicasRecorded()
    {
        await using var gateway = await GatewayHost.StartAsync(redis.Configuration, "http://127.0.0.1:0", replicas: 2, Ct, RedisFixture.NewPrefix());
        await using (var alice = await DemoClient.ConnectAsync(gateway.Endpoint, "alice", Ct))
        {
            await DemoClient.CallAsync(alice, "where", Ct);
        }

        using var browser = new HttpClient { BaseAddress = gateway.Inspector };
        var page = await browser.GetStringAsync(new Uri("", UriKind.Relative), Ct);
        await Poll.UntilAsync(
            async () => (await browser.GetStringAsync(new Uri("api/sessions?q=owner:alice", UriKind.Relative), Ct)).Contains("alice's client", StringComparison.Ordinal), "the session is recorded");

        Assert.Contains("<script type=\"module\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", null, null, true)]
    [InlineData("http://127.0.0.1:0", "localhost", "http://localhost:3000", true)]
    [InlineData("http://127.0.0.2:0", null, "http://127.0.0.2", true)]
    [InlineData("http://127.0.0.1:0", "evil.example", null, false)]
    [InlineData("http://127.0.0.1:0", null, "https://evil.example", false)]
    [InlineData("http://127.0.0.1:0", null, "null", false)]
    public async Task PageOfAnotherSite_AsksAGatewayOnLoopback_IsRefused(string listen, string? host, string? origin, bool isServed)
    {
        await using var gateway = await GatewayHost.StartAsync(redis.Configuration, listen, replicas: 1, Ct, RedisFixture.NewPrefix());
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, gateway.Endpoint);
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await client.SendAsync(request, Ct);

        // A replica answers a GET without a token with 401.
        Assert.Equal(isServed, response.StatusCode is HttpStatusCode.Unauthorized);
        Assert.Equal(!isServed, response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.BadRequest);
    }
}
