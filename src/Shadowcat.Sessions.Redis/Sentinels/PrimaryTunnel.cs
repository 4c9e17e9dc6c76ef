using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Shadowcat.Sessions.Redis;

/// <summary>Connects to the primary that sentinels name, each time a connection is made, and closes the connection when they name another one or are about to.</summary>
/// <remarks>
/// The client library by itself relies on the role that a server reports. A primary that was replaced reports that role until the sentinels demote it, which takes
/// some ten seconds where it was restarted: what it acknowledged until then would be lost. The same holds for a primary that is being replaced: until
/// another one is named, there is no connection.
/// </remarks>
internal sealed class PrimaryTunnel : Tunnel, IAsyncDisposable, IDisposable
{
    /// <summary>The shortest pause between two questions to the sentinels because calls fail.</summary>
    private static readonly TimeSpan PauseBetweenChecks = TimeSpan.FromMilliseconds(200);

    /// <summary>The pause between questions while the primary is being replaced. Sentinels themselves look ten times a second.</summary>
    private static readonly TimeSpan PauseBetweenQuestions = TimeSpan.FromMilliseconds(50);

    /// <summary>The client library wants a port for its end point, which stands for whichever server is the primary.</summary>
    private const int AnyPort = 6379;

    private readonly Lock _lock = new();
    private readonly TunnelSockets _sockets = new();
    private RedisSentinels? _sentinels;
    private RedisPrimary? _primary;
    private TimeSpan _connectTimeout;

    /// <summary>How many questions were asked, which of them named the primary, how many have no answer yet, and when the last was answered. Guarded by the lock.</summary>
    private long _questions;
    private long _answered;
    private int _outstanding;
    private long _ended;

    /// <summary>Finds the primary for the first time.</summary>
    /// <param name="configuration">The configuration of the service: its end points are the sentinels.</param>
    /// <returns>The configuration of a connection through this tunnel.</returns>
    /// <exception cref="RedisConnectionException">No sentinel answers.</exception>
    /// <exception cref="SessionStoreConfigurationException">No sentinel knows the service, or lets the store in.</exception>
    public async Task<ConfigurationOptions> OpenAsync(ConfigurationOptions configuration)
    {
        _connectTimeout = TimeSpan.FromMilliseconds(configuration.ConnectTimeout);
        var isFirst = _sentinels is null;
        _sentinels ??= await RedisSentinels.ConnectAsync(configuration, Follow).ConfigureAwait(false);
        Volatile.Write(
            ref _primary,
            isFirst
                ? await _sentinels.FindPrimaryOrReasonAsync().ConfigureAwait(false)
                : await _sentinels.FindPrimaryAsync().ConfigureAwait(false));
        var tunneled = configuration.Clone();
        tunneled.EndPoints.Clear();
        tunneled.EndPoints.Add(new DnsEndPoint(configuration.ServiceName!, AnyPort));
        tunneled.ServiceName = null;
        tunneled.ResolveDns = false;
        tunneled.Tunnel = this;
        if (string.IsNullOrWhiteSpace(configuration.SslHost))
        {
            tunneled.SslClientAuthenticationOptions = _ => Expect(configuration, Volatile.Read(ref _primary)!.Host);
        }

        return tunneled;
    }

    /// <summary>Notes that a call failed: the primary may be another one by now.</summary>
    public void MarkStale()
    {
        lock (_lock)
        {
            if (_outstanding > 0 || TimeProvider.System.GetElapsedTime(_ended) < PauseBetweenChecks)
            {
                return;
            }
        }

        Follow();
    }

    /// <inheritdoc/>
    /// <exception cref="SocketException">The primary is being replaced, and no other one was named within the connect timeout.</exception>
    public override async ValueTask<EndPoint?> GetSocketConnectEndpointAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var primary = await AskAsync().ConfigureAwait(false);
            if (!primary.IsBeingReplaced)
            {
                return primary.Address;
            }

            if (TimeProvider.System.GetElapsedTime(begun) > _connectTimeout)
            {
                throw new SocketException((int)SocketError.HostUnreachable);
            }

            await Task.Delay(PauseBetweenQuestions, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    public override ValueTask<Stream?> BeforeAuthenticateAsync(
        EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (socket is not null)
        {
            _sockets.Add(socket);

            // While it was being connected, another primary may have been named, before this socket was in the list.
            CloseOthers(Volatile.Read(ref _primary)!);
        }

        return default;
    }

    public ValueTask DisposeAsync() => _sentinels?.DisposeAsync() ?? ValueTask.CompletedTask;

    public void Dispose() => _sentinels?.Dispose();

    /// <summary>A certificate names the host that was connected to. For the client library that host is the name of the service, which no certificate names.</summary>
    private static SslClientAuthenticationOptions Expect(ConfigurationOptions configuration, string host) =>
        configuration.SslClientAuthenticationOptions?.Invoke(host) ?? new SslClientAuthenticationOptions
        {
            TargetHost = host,
            EnabledSslProtocols = configuration.SslProtocols ?? SslProtocols.None,

            // As the client library does: by default it is off.
            CertificateRevocationCheckMode = configuration is { SslProtocols: not null, CheckCertificateRevocation: true } ? X509RevocationMode.Online : X509RevocationMode.NoCheck,
        };

    private void Follow()
    {
        // Until the primary was found for the first time, there is no connection.
        if (Volatile.Read(ref _primary) is not null)
        {
            _ = FollowAsync();
        }
    }

    private async Task FollowAsync() => CloseOthers(await AskAsync().ConfigureAwait(false));

    private void CloseOthers(RedisPrimary primary) => _sockets.CloseAllExcept(primary.IsBeingReplaced ? null : primary.Address);

    /// <summary>Asks which server is the primary. Where no sentinel answers, it stays the one it was.</summary>
    private async Task<RedisPrimary> AskAsync()
    {
        long question;
        lock (_lock)
        {
            question = ++_questions;
            _outstanding++;
        }

        RedisPrimary? named = null;
        try
        {
            named = await _sentinels!.FindPrimaryAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SessionStoreException || RedisFaults.IsFault(exception))
        {
            // No sentinel answers or knows the service any more, or the store is closing: the primary that is known stays.
        }

        lock (_lock)
        {
            _outstanding--;
            _ended = TimeProvider.System.GetTimestamp();

            // Answers may arrive in another order than the questions: an older one does not replace a newer one.
            if (named is not null && question > _answered)
            {
                _answered = question;
                Volatile.Write(ref _primary, named);
            }
        }

        return Volatile.Read(ref _primary)!;
    }
}
