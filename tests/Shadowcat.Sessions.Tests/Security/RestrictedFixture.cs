using Shadowcat.Sessions.Tests.Redis;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

[assembly: AssemblyFixture(typeof(Shadowcat.Sessions.Tests.Security.RestrictedFixture))]

namespace Shadowcat.Sessions.Tests.Security;

/// <summary>A server of its own for tests whose stores connect as accounts under <see cref="AccessRule"/>; it is started by the first of them.</summary>
public sealed class RestrictedFixture : IAsyncLifetime
{
    private const string Password = "pass";

    private readonly Lock _lock = new();
    private Task<RedisServer>? _server;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is { } starting)
        {
            await (await starting).DisposeAsync();
        }
    }

    /// <summary>What to give StackExchange.Redis to do anything there; skips the calling test where there is no redis-server.</summary>
    public async ValueTask<string> ConfigureAsync()
    {
        Assert.SkipWhen(
            Environment.GetEnvironmentVariable(RedisServer.ForceVariable) is "garnet", "the rule is one of redis-server; the accounts of Garnet know neither key patterns nor channels");
        Task<RedisServer> starting;
        lock (_lock)
        {
            starting = _server ??= RedisServer.StartDedicatedAsync();
        }

        return $"{(await starting).Configuration},allowAdmin=true";
    }

    /// <summary>Makes an account for one prefix.</summary>
    /// <returns>What to give a store that connects as it.</returns>
    internal static async Task<string> GrantAsync(IServer server, string prefix)
    {
        await server.ExecuteAsync("ACL", ["SETUSER", prefix, "on", ">" + Password, .. AccessRule.Words(prefix, server.Version)]);
        return $"{EndPointCollection.ToString(server.EndPoint)},user={prefix},password={Password}";
    }

    internal IStoreHarness Harness() => new RedisHarness(ConfigureAsync, partitions: 4, GrantAsync);
}
