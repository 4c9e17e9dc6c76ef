using System.Net;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(Shadowcat.Sessions.Tests.Servers.RedisFixture))]

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>The one Redis that all tests share; each test uses keys of its own (<see cref="NewPrefix"/>).</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisServer? _server;

    /// <summary>What to give StackExchange.Redis.</summary>
    public string Configuration { get; private set; } = "";

    public RedisServerKind Kind { get; private set; }

    /// <summary>The version the server says it is, as INFO reports it.</summary>
    public Version Version { get; private set; } = new();

    /// <summary>A key prefix that no other test and no earlier run uses.</summary>
    public static string NewPrefix() => $"test-{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("SHADOWCAT_TEST_REDIS") is { Length: > 0 } given)
        {
            Kind = RedisServerKind.Given;
            Configuration = given;
        }
        else
        {
            _server = await StartAsync(Environment.GetEnvironmentVariable(RedisServer.ForceVariable));
            Kind = _server.Kind;
            Configuration = _server.Configuration;
        }

        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(Configuration);
        EndPoint endpoint = connection.GetEndPoints()[0];
        Version = connection.GetServer(endpoint).Version;
        Say($"Redis under test: {Kind.ToString().ToLowerInvariant()} {Version} at {EndPointCollection.ToString(endpoint)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private static Task<RedisServer> StartAsync(string? forced) => forced switch
    {
        null or "" => StartFirstAvailableAsync(),
        "container" => ContainerRedisServer.LaunchAsync(),
        "process" => ProcessRedisServer.LaunchAsync(),
        _ => throw new InvalidOperationException($"{RedisServer.ForceVariable} is '{forced}', not container, process or garnet"),
    };

    private static async Task<RedisServer> StartFirstAvailableAsync()
    {
        try
        {
            return await ContainerRedisServer.LaunchAsync();
        }
        catch (ServerUnavailableException exception)
        {
            Say($"Redis under test: not in a container: {exception.Message}");
        }

        return await ProcessRedisServer.LaunchAsync();
    }

    private static void Say(string line) => TestContext.Current.SendDiagnosticMessage("{0}", line);
}
