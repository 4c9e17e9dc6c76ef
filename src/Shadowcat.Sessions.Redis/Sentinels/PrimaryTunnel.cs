using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Shadowcat.Sessions.Redis;

/// <summary>Leads a connection to the primary that sentinels name, each time it is made anew, and breaks it when they name another one or are about to.</summary>
/// <remarks>
/// The client library by itself goes by what servers say they are. A primary that was replaced says that it is one until the sentinels have
/// demoted it, which they do only after some ten seconds where it was restarted: what it acknowledged until then would be lost. So would be what a
/// primary acknowledges that is being replaced: until another one is named, there is no connection.
/// </remarks>
internal sealed class PrimaryTunnel : Tunnel, IAsyncDisposable, IDisposable
{
    /// <summary>How often the sentinels are asked at most because calls fail.</summary>
    private static readonly TimeSpan PauseBetweenDoubts = TimeSpan.FromMilliseconds(200);

    /// <summary>How often they are asked while the primary is being replaced. They themselves look ten times a second.</summary>
    private static readonly TimeSpan PauseBetweenQuestions = TimeSpan.FromMilliseconds(50);

    /// <summary>The client library wants a port for its end point, which stands for whichever server is the primary.</summary>
    private const int AnyPort = 6379;

    private readonly Lock _lock = new();
    private readonly LedSockets _sockets = new();
    private RedisSentinels? _sentinels;
    private RedisPrimary? _primary;
    private TimeSpan _connectTimeout;

    /// <summary>How many questions were asked, which of them the primary is the answer to, how many have no answer yet, and when one last had. Guarded by the lock.</summary>
    private long _questions;
    private long _answered;
    private int _outstanding;
    private long _ended;

    /// <summary>Finds the primary for the first time.</summary>
    /// <param name="configuration">The configuration of the service: its end points are the sentinels.</param>
    /// <returns>The configuration of a connection that is led to the primary.</returns>
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
            if (_outstanding > 0 || TimeProvider.System.GetElapsedTime(_ended) < PauseBetweenDoubts)
            {
                return;
            }
        }

        Follow();
    }

    /// <inheritdoc/>
    /// <exception cref="SocketException">The primary is being replaced, and no other one was named while the connection may be waited for.</exception>
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

            // While it was on its way, another primary may have been named: whoever heard of that did not see it yet.
            BreakElsewhere(Volatile.Read(ref _primary)!);
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

    private void Follow()
    {
        // Until the primary was found for the first time, nothing leads anywhere.
        if (Volatile.Read(ref _primary) is not null)
        {
            _ = FollowAsync();
        }
    }

    private async Task FollowAsync() => BreakElsewhere(await AskAsync().ConfigureAwait(false));

    private void BreakElsewhere(RedisPrimary primary) => _sockets.BreakAllBut(primary.IsBeingReplaced ? null : primary.Address);

    /// <summary>Learns who the primary is; where nobody says so, it stays the one it was.</summary>
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
            // No sentinel answers or knows the service any more, or the store is closing: the primary that is known goes on.
        }

        lock (_lock)
        {
            _outstanding--;
            _ended = TimeProvider.System.GetTimestamp();

            // An answer may come behind that to a later question, and be the older one.
            if (named is not null && question > _answered)
            {
                _answered = question;
                Volatile.Write(ref _primary, named);
            }
        }

        return Volatile.Read(ref _primary)!;
    }
}
