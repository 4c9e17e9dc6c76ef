using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Shadowcat.Sessions.Tests.Servers;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>A server that turns away who connects, and what stands in front of one and is none, are reported as what they are.</summary>
public sealed class GreetingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ProtectedMode_IsConfigurationAndSaysWhatToDo()
    {
        using var listener = Turning("-DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user.");
        await using var store = Store(listener);

        var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => store.GetSessionAsync(SessionId.New(), Ct).AsTask());

        Assert.Contains("DENIED", exception.Message, StringComparison.Ordinal);
        Assert.Contains("protected mode", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TooManyClients_IsUnavailableAndNamesMaxclients()
    {
        using var listener = Turning("-ERR max number of clients reached");
        await using var store = Store(listener);

        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(() => store.CreateSessionAsync(Make.Session(), Ct).AsTask());

        Assert.Contains("maxclients", exception.Message, StringComparison.Ordinal);
        Assert.False(exception.OutcomeUnknown);
    }

    [Theory]
    [InlineData("envoyproxy")]
    [InlineData("twemproxy")]
    public void Proxy_InTheConfiguration_IsRefusedByName(string proxy)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => new RedisSessionStore(new RedisSessionStoreOptions { Configuration = $"localhost:1,proxy={proxy}" }));

        Assert.Contains($"proxy={proxy}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Proxy.Envoyproxy)]
    [InlineData(Proxy.Twemproxy)]
    public async Task Proxy_OfABorrowedConnection_IsRefusedByNameAndDisposingThrowsNothing(Proxy proxy)
    {
        await using var server = await RedisServer.StartDedicatedAsync();
        await using var connection = await ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions { EndPoints = { server.Configuration }, Proxy = proxy, AbortOnConnectFail = false });
        var store = new RedisSessionStore(connection);
        using (var cached = new CachedSessionStore(store))
        {
            var exception = await Assert.ThrowsAsync<SessionStoreConfigurationException>(() => cached.CreateSessionAsync(Make.Session(), Ct).AsTask());
            Assert.Contains("proxy=", exception.Message, StringComparison.Ordinal);
        }

        await store.DisposeAsync();
    }

    private static RedisSessionStore Store(TcpListener listener) =>
        new(new RedisSessionStoreOptions { Configuration = $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", OperationTimeout = TimeSpan.FromSeconds(3) });

    /// <summary>Says something to whoever connects, and hangs up.</summary>
    private static TcpListener Turning(string greeting)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = TurnAwayAsync(listener, Encoding.ASCII.GetBytes(greeting + "\r\n"));
        return listener;
    }

    private static async Task TurnAwayAsync(TcpListener listener, byte[] greeting)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync(greeting);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over, or the client has gone.
        }
    }
}
