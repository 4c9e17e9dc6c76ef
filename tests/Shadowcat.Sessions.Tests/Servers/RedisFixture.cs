using System.Net;
using Shadowcat.Sessions.Garnet;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(Shadowcat.Sessions.Tests.Servers.RedisFixture))]

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>The one Redis that all tests share; each test uses keys of its own (<see cref="NewPrefix"/>).</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    private RedisServer? _server;
    private EmbeddedGarnet? _garnet;

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
        else if (await StartServerAsync(Environment.GetEnvironmentVariable(RedisServer.ForceVariable)) is { } server)
        {
            _server = server;
            Kind = server.Kind;
            Configuration = server.Configuration;
        }
        else
        {
            _garnet = EmbeddedGarnet.Start();
            Kind = RedisServerKind.Garnet;
            Configuration = _garnet.Configuration;
        }

        var options = ConfigurationOptions.Parse(Configuration);
        options.AllowAdmin = true; // to ask what it is
        using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(options);
        EndPoint endpoint = connection.GetEndPoints()[0];
        Version = connection.GetServer(endpoint).Version;
        Say($"Redis under test: {Kind.ToString().ToLowerInvariant()} {await NameAsync(connection.GetServer(endpoint))} at {EndPointCollection.ToString(endpoint)}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _garnet?.Dispose();
    }

    /// <summary>What the server is: a fork has a version of its own beside the one of Redis that it is compatible with.</summary>
    private static async Task<string> NameAsync(IServer server)
    {
        var facts = (await server.InfoAsync("server")).SelectMany(group => group).ToDictionary(fact => fact.Key, fact => fact.Value, StringComparer.Ordinal);
        return facts.TryGetValue("valkey_version", out var valkey) ? $"valkey {valkey}" : $"redis {server.Version}";
    }

    /// <summary>The forced kind of server or else the best one that starts; null when it is to be Garnet.</summary>
    private static async Task<RedisServer?> StartServerAsync(string? forced) => forced switch
    {
        null or "" => await TryAsync(ContainerRedisServer.LaunchAsync) ?? await TryAsync(ProcessRedisServer.LaunchAsync),
        "container" => await ContainerRedisServer.LaunchAsync(),
        "process" => await ProcessRedisServer.LaunchAsync(),
        "garnet" => null,
        _ => throw new InvalidOperationException($"{RedisServer.ForceVariable} is '{forced}', not container, process or garnet"),
    };

    private static async Task<RedisServer?> TryAsync(Func<string[], Task<RedisServer>> launch)
    {
        try
        {
            return await launch([]);
        }
        catch (ServerUnavailableException exception)
        {
            Say($"Redis under test: passed over: {exception.Message}");
            return null;
        }
    }

    private static void Say(string line) => TestContext.Current.SendDiagnosticMessage("{0}", line);
}
