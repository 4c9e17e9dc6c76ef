using Gateway.Replicas;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Shadowcat.Sessions.Garnet;

namespace Gateway.Serving;

/// <summary>The whole of it: a store, replicas in processes of their own, and the round-robin before them.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly EmbeddedGarnet? _garnet;
    private readonly RoundRobin _roundRobin;
    private readonly WebApplication _front;

    private GatewayHost(EmbeddedGarnet? garnet, string redis, string prefix, IReadOnlyList<ReplicaProcess> replicas, RoundRobin roundRobin, WebApplication front, bool isInspected)
    {
        _garnet = garnet;
        _roundRobin = roundRobin;
        _front = front;
        Redis = redis;
        Prefix = prefix;
        Replicas = replicas;
        Inspector = isInspected ? new Uri(new Uri(front.Urls.First()), Replica.InspectorPath + "/") : null;
    }

    /// <summary>Where the sessions are.</summary>
    public string Redis { get; }

    /// <summary>What the keys there begin with.</summary>
    public string Prefix { get; }

    public bool HasOwnStore => _garnet is not null;

    public IReadOnlyList<ReplicaProcess> Replicas { get; }

    /// <summary>Where clients reach it.</summary>
    public Uri Endpoint => new(new Uri(_front.Urls.First()), "/mcp");

    /// <summary>Where the sessions of all replicas are seen; null where others than programs of this machine might.</summary>
    public Uri? Inspector { get; }

    public static async Task<GatewayHost> StartAsync(string? redis, string listen, int replicas, CancellationToken cancellationToken, string prefix = "gateway")
    {
        var garnet = redis is null ? EmbeddedGarnet.Start() : null;
        redis ??= garnet!.Configuration;
        var address = new Uri(listen);

        // Only programs of this machine reach it then, as on the machine of a developer.
        var environment = address.IsLoopback ? Environments.Development : Environments.Production;
        var started = await Task.WhenAll(Enumerable.Range(1, replicas).Select(number => ReplicaProcess.StartAsync(redis, $"replica {number}", prefix, environment, cancellationToken)));
        var roundRobin = new RoundRobin([.. started.Select(replica => replica.Address)]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(listen);

        string[] names = address.IsLoopback ? ["localhost", "127.0.0.1", "[::1]", address.Host] : ["*"];
        builder.Services.AddHostFiltering(options => options.AllowedHosts = names);
        var front = builder.Build();
        front.UseHostFiltering();
        if (address.IsLoopback)
        {
            front.Use((context, next) => RefuseForeignPages(context, next, names));
        }

        front.Run(roundRobin.ForwardAsync);
        await front.StartAsync(cancellationToken);
        return new GatewayHost(garnet, redis, prefix, started, roundRobin, front, address.IsLoopback);
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

    /// <summary>Refuses what a page of another site sends to a gateway that only programs of this machine are to use. Host filtering refuses the same page where it has let its own name point here (DNS rebinding).</summary>
    /// <seealso href="https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning"/>
    private static Task RefuseForeignPages(HttpContext context, RequestDelegate next, string[] names)
    {
        if (context.Request.Headers.Origin.All(origin => Uri.TryCreate(origin, UriKind.Absolute, out var page) && names.Contains(page.Host, StringComparer.OrdinalIgnoreCase)))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
