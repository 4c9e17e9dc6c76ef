using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Shadowcat.Sessions.Redis;
using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Aspire.Tests;

/// <summary>The AppHost of <c>samples/Aspire</c>, and the service that it starts.</summary>
public sealed class AppHostTests : IDisposable
{
    private const string Sessions = "sessions";

    private const string Service = "service";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    public AppHostTests() => _patience.CancelAfter(Patience);

    private CancellationToken Ct => _patience.Token;

    public void Dispose() => _patience.Dispose();

    [Fact]
    public async Task AppHost_WithAConnectionString_StartsAServiceThatKeepsItsSessionsThere()
    {
        await Orchestrator.SkipWhereItDoesNotRunAsync(Ct);
        Assert.SkipUnless(RedisProcess.IsInstalled, "needs a redis-server on the PATH, which the AppHost is given");
        await using var redis = await RedisProcess.LaunchAsync();
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>([$"--ConnectionStrings:{Sessions}={redis.Endpoint}"], Ct);
        // Tests start no dashboard, and a service that exports to none takes seconds to end.
        builder.CreateResourceBuilder<ProjectResource>(Service).WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", "");
        await using var application = await builder.BuildAsync(Ct);
        await application.StartAsync(Ct);
        await application.ResourceNotifications.WaitForResourceHealthyAsync(Service, Ct);
        using var client = application.CreateHttpClient(Service);

        using var created = await client.PostAsync("/sessions", content: null, Ct);
        using var read = await client.GetAsync(created.Headers.Location, Ct);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.StatusCode, read.StatusCode));
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = redis.Endpoint });
        Assert.NotNull(await store.GetSessionAsync(await created.Content.ReadFromJsonAsync<SessionId>(Ct), Ct));
    }

    [Fact]
    public async Task AppHost_WithoutAConnectionString_HasARedisInAContainerThatTheServiceWaitsFor()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(Ct);

        var redis = Assert.Single(builder.Resources.OfType<RedisResource>());
        var service = Assert.Single(builder.Resources.OfType<ProjectResource>());

        Assert.Equal((Sessions, Service), (redis.Name, service.Name));
        Assert.Same(redis, Assert.Single(service.Annotations.OfType<WaitAnnotation>()).Resource);
    }
}
