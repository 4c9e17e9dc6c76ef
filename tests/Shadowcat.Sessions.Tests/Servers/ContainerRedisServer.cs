using System.Globalization;
using DotNet.Testcontainers.Containers;
using Testcontainers.Redis;

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>An official image, where Docker answers: the pinned one, or another that <c>SHADOWCAT_TEST_IMAGE</c> names.</summary>
internal sealed class ContainerRedisServer : RedisServer
{
    private static readonly string Image = Environment.GetEnvironmentVariable("SHADOWCAT_TEST_IMAGE") is { Length: > 0 } named ? named : "redis:7.0";

    // Long enough to pull the image once, short enough not to hold up a machine whose Docker has no registry.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    // Remembered, so that a Docker that does not work costs that patience once and not for every test.
    private static ServerUnavailableException? _unavailable;

    private readonly RedisContainer _container;

    private ContainerRedisServer(int port, RedisContainer container)
        : base(port) => _container = container;

    public override RedisServerKind Kind => RedisServerKind.Container;

    public static async Task<RedisServer> LaunchAsync(params string[] arguments)
    {
        if (_unavailable is not null)
        {
            throw _unavailable;
        }

        int port = LoopbackPort.NextFree();

        try
        {
            // A port that Docker chose would be another one after a restart.
            RedisContainer container = new RedisBuilder(Image)
                .WithPortBinding(port.ToString(CultureInfo.InvariantCulture), RedisBuilder.RedisPort.ToString(CultureInfo.InvariantCulture))
                .WithCommand(["--save", "", "--appendonly", "no", .. arguments])
                .WithCreateParameterModifier(parameters => parameters.StopSignal = "SIGKILL")
                .Build();

            var server = new ContainerRedisServer(port, container);
            await server.StartAsync();
            return server;
        }
        catch (Exception exception)
        {
            throw _unavailable = new ServerUnavailableException($"no {Image} container: {FirstLine(exception)}", exception);
        }
    }

    public override async Task StartAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _container.StartAsync(patience.Token);
        await WaitUntilReadyAsync(() => _container.State is TestcontainersStates.Exited);
    }

    public override Task StopAsync() => _container.StopAsync();

    public override Task PauseAsync() => _container.PauseAsync();

    public override Task ContinueAsync() => _container.UnpauseAsync();

    public override ValueTask DisposeAsync() => _container.DisposeAsync();

    private static string FirstLine(Exception exception) => exception.Message.Split('\n')[0].Trim();
}
