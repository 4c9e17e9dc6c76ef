using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Shadowcat.Sessions;

/// <summary>Leads a connection to the primary that sentinels name, each time it is made anew, and breaks it when they name another one.</summary>
/// <remarks>
/// The client library by itself goes by what servers say they are. A primary that was replaced says that it is one until the sentinels have
/// demoted it, which they do only after some ten seconds where it was restarted: what it acknowledged until then would be lost.
/// </remarks>
internal sealed class PrimaryTunnel : Tunnel, IAsyncDisposable, IDisposable
{
    /// <summary>How often the sentinels are asked at most because calls fail.</summary>
    private static readonly TimeSpan PauseBetweenQuestions = TimeSpan.FromMilliseconds(200);

    /// <summary>The client library wants a port for its end point, which stands for whichever server is the primary.</summary>
    private const int AnyPort = 6379;

    private readonly Lock _lock = new();
    private readonly List<Socket> _sockets = [];
    private RedisSentinels? _sentinels;
    private RedisPrimary? _primary;
    private long _asked;
    private bool _isAsking;

    /// <summary>Finds the primary for the first time.</summary>
    /// <param name="configuration">The configuration of the service: its end points are the sentinels.</param>
    /// <returns>The configuration of a connection that is led to the primary.</returns>
    /// <exception cref="RedisConnectionException">No sentinel answers.</exception>
    /// <exception cref="SessionStoreConfigurationException">No sentinel knows the service, or lets the store in.</exception>
    public async Task<ConfigurationOptions> OpenAsync(ConfigurationOptions configuration)
    {
        var isFirst = _sentinels is null;
        _sentinels ??= await RedisSentinels.ConnectAsync(configuration, Follow).ConfigureAwait(false);
        Volatile.Write(
            ref _primary,
            isFirst
                ? await _sentinels.FindPrimaryOrReasonAsync().ConfigureAwait(false)
                : await _sentinels.FindPrimaryAsync().ConfigureAwait(false));
        var led = configuration.Clone();
        led.EndPoints.Clear();
        led.EndPoints.Add(new DnsEndPoint(configuration.ServiceName!, AnyPort));
        led.ServiceName = null;
        led.ResolveDns = false;
        led.Tunnel = this;
        if (string.IsNullOrWhiteSpace(configuration.SslHost))
        {
            led.SslClientAuthenticationOptions = _ => Expect(configuration, Volatile.Read(ref _primary)!.Host);
        }

        return led;
    }

    /// <summary>A call failed: the primary may be another one by now.</summary>
    public void Doubt()
    {
        lock (_lock)
        {
            if (_isAsking || TimeProvider.System.GetElapsedTime(_asked) < PauseBetweenQuestions)
            {
                return;
            }
        }

        Follow();
    }

    public override async ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        await AskAsync().ConfigureAwait(false);
        return Volatile.Read(ref _primary)!.Address;
    }

    public override ValueTask<Stream?> BeforeAuthenticateAsync(
        EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (socket is not null)
        {
            lock (_lock)
            {
                _sockets.RemoveAll(static socket => !socket.Connected);
                _sockets.Add(socket);
            }
        }

        return default;
    }

    public ValueTask DisposeAsync() => _sentinels?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Dispose() => _sentinels?.Dispose();

    /// <summary>A certificate is for the host that it was asked from. To the client library this host is the service, which no certificate is for.</summary>
    private static SslClientAuthenticationOptions Expect(ConfigurationOptions configuration, string host) =>
        configuration.SslClientAuthenticationOptions?.Invoke(host) ?? new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = configuration.SslProtocols ?? SslProtocols.None,

            // As the client library does: by default it is not asked for.
            CertificateRevocationCheckMode = configuration is { SslProtocols: not null, CheckCertificateRevocation: true } ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
        };

    private void Follow() => _ = FollowAsync();

    private async Task FollowAsync()
    {
        await AskAsync().ConfigureAwait(false);
        var primary = Volatile.Read(ref _primary)!.Address;
        List<Socket> elsewhere;
        lock (_lock)
        {
            elsewhere = _sockets.FindAll(socket => !LeadsTo(socket, primary));
            _sockets.RemoveAll(elsewhere.Contains);
        }

        elsewhere.ForEach(Break);
    }

    /// <summary>Learns who the primary is; where nobody says so, it stays the one it was.</summary>
    private async Task AskAsync()
    {
        lock (_lock)
        {
            _isAsking = true;
        }

        try
        {
            Volatile.Write(ref _primary, await _sentinels!.FindPrimaryAsync().ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is SessionStoreException || RedisFaults.IsFault(exception))
        {
            // No sentinel answers or knows the service any more, or the store is closing: the primary that is known goes on.
        }
        finally
        {
            lock (_lock)
            {
                (_isAsking, _asked) = (false, TimeProvider.System.GetTimestamp());
            }
        }
    }

    private static bool LeadsTo(Socket socket, IPEndPoint primary)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint remote
                && remote.Port == primary.Port
                && remote.Address.MapToIPv6().Equals(primary.Address.MapToIPv6());
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static void Break(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is broken already.
        }
    }
}
