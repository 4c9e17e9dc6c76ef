namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>A <c>redis-server</c> from the PATH.</summary>
internal sealed class ProcessRedisServer : RedisServer
{
    private readonly RedisProcess _process;

    private ProcessRedisServer(RedisProcess process)
        : base(process.Port) => _process = process;

    public override RedisServerKind Kind => RedisServerKind.Process;

    public static async Task<RedisServer> LaunchAsync(params string[] arguments) =>
        new ProcessRedisServer(await RedisProcess.LaunchAsync(arguments));

    public override Task StopAsync() => _process.KillAsync();

    public override Task StartAsync() => _process.StartAsync();

    public override Task PauseAsync() => _process.PauseAsync();

    public override Task ContinueAsync() => _process.ContinueAsync();

    public override ValueTask DisposeAsync() => _process.DisposeAsync();
}
