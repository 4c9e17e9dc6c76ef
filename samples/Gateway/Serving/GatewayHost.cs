using Gateway.Replicas;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Garnet;

namespace Gateway.Serving;

/// <summary>The whole of it: a store, replicas in processes of their own, and the round-robin before them.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly EmbeddedGarnet? _garnet;
    private readonly RoundRobin _roundRobin;
    private readonly WebApplication _front;

    private GatewayHost(EmbeddedGarnet? garnet, string redis, string prefix, IReadOnlyList<ReplicaProcess> replicas, RoundRobin roundRobin, WebApplication front)
    {
        _garnet = garnet;
        _roundRobin = roundRobin;
        _front = front;
        Redis = redis;
        Prefix = prefix;
        Replicas = replicas;
    }

    /// <summary>Where the sessions are.</summary>
    public string Redis { get; }

    /// <summary>What the keys there begin with.</summary>
    public string Prefix { get; }

    public bool HasOwnStore => _garnet is not null;

    public IReadOnlyList<ReplicaProcess> Replicas { get; }

    /// <summary>Where clients reach it.</summary>
    public Uri Endpoint => new(new Uri(_front.Urls.First()), "/mcp");

    public static async Task<GatewayHost> StartAsync(string? redis, string listen, int replicas, CancellationToken cancellationToken, string prefix = "gateway")
    {
        var garnet = redis is null ? EmbeddedGarnet.Start() : null;
        redis ??= garnet!.Configuration;
        var started = await Task.WhenAll(Enumerable.Range(1, replicas).Select(number => ReplicaProcess.StartAsync(redis, $"replica {number}", prefix, cancellationToken)));
        var roundRobin = new RoundRobin([.. started.Select(replica => replica.Address)]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(listen);

        // What listens on loopback only is asked by programs of this machine. A page that a browser was led to under another name (DNS rebinding) is none of them.
        var isLocal = new Uri(listen).IsLoopback;
        builder.Services.AddHostFiltering(options => options.AllowedHosts = isLocal ? ["localhost", "127.0.0.1", "[::1]"] : ["*"]);
        var front = builder.Build();
        front.UseHostFiltering();
        front.Run(roundRobin.ForwardAsync);
        await front.StartAsync(cancellationToken);
        return new GatewayHost(garnet, redis, prefix, started, roundRobin, front);
    }

    public async ValueTask DisposeAsync()
    {
        // They end the streams of their clients, which the front would wait for.
        await Task.WhenAll(Replicas.Select(replica => replica.DisposeAsync().AsTask()));
        await _front.StopAsync();
        await _front.DisposeAsync();
        _roundRobin.Dispose();
        _garnet?.Dispose();
    }
}
