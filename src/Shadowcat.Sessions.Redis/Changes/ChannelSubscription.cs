using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Subscribes to a channel and verifies that its messages arrive: each second it publishes a probe and waits for it to come back.</summary>
/// <remarks>
/// The client library subscribes again by itself when a connection was made anew, but what was published in between is lost. So the subscription
/// reports a loss whenever a connection breaks or a probe does not come back: at once where the connection reports it, within <see cref="ValidFor"/> where the connection
/// is silent. Where the server accepted the probe and it did not come back, it subscribes again itself: an application that shares the connection may have ended all
/// its subscriptions.
/// </remarks>
/// <seealso href="https://redis.io/docs/latest/develop/pubsub/"/>
internal sealed class ChannelSubscription : IAsyncDisposable, IDisposable
{
    private const int ProbeDigits = 32;

    /// <summary>For how long after a probe came back the messages of the channel are taken to arrive.</summary>
    private static readonly TimeSpan ValidFor = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly RedisBackend _backend;
    private readonly string _name;
    private readonly IChannelEvents _events;
    private IConnectionMultiplexer? _connection;
    private Probe? _probe;
    private Task? _running;
    private long _subscribedUntil;
    private long _sockets;
    private long _losses;
    private bool _isSubscribed;
    private bool _isReported;
    private bool _isUnsubscribed;

    public ChannelSubscription(RedisBackend backend, string name, IChannelEvents events)
    {
        _backend = backend;
        _name = name;
        _events = events;
    }

    /// <summary>The timestamp until which every message is taken to arrive; 0 while messages may be lost.</summary>
    public long SubscribedUntil => Volatile.Read(ref _subscribedUntil);

    private RedisChannel Channel => RedisChannel.Literal(_name);

    /// <summary>Subscribes, if it has not yet.</summary>
    public void Start()
    {
        lock (_lock)
        {
            if (!_stopping.IsCancellationRequested)
            {
                _running ??= Task.Run(RunAsync);
            }
        }
    }

    /// <summary>Reports that messages may have been lost, and finds out whether they arrive now.</summary>
    public void Invalidate()
    {
        MarkLost();
        Wake();
    }

    public async ValueTask DisposeAsync()
    {
        Dispose();
        if (_running is { } running)
        {
            await running.ConfigureAwait(false);
        }
    }

    /// <summary>Ends at once, without waiting for a probe that is under way.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        Invalidate();
        if (Volatile.Read(ref _connection) is { } connection)
        {
            Unsubscribe(connection);
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _backend.SendAsync((database, _) => ProbeAsync(database), _stopping.Token).ConfigureAwait(false);
                await _wake.WaitAsync(Interval, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is SessionStoreException || RedisFaults.IsFault(exception))
            {
                MarkLost();
                Report(exception);
                await _wake.WaitAsync(Interval, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> ProbeAsync(IDatabase database)
    {
        var connection = database.Multiplexer;
        var losses = Interlocked.Read(ref _losses);
        await SubscribeAsync(connection).ConfigureAwait(false);
        var probe = new Probe();
        Volatile.Write(ref _probe, probe);
        var begun = Time.GetTimestamp();

        // As the scripts publish: PublishAsync would put the channel prefix of the connection in front.
        var published = database.ExecuteAsync("PUBLISH", _name, probe.Text);
        try
        {
            await Task.WhenAll(_events.PrepareAsync(connection), published, probe.Received.Task.WaitAsync(ProbeTimeout, Time)).ConfigureAwait(false);
        }
        finally
        {
            _isUnsubscribed = published.IsCompletedSuccessfully && !probe.Received.Task.IsCompleted;
        }

        MarkSubscribed(Time.Add(begun, ValidFor), Sockets(connection), losses);
        return true;
    }

    private async Task SubscribeAsync(IConnectionMultiplexer connection)
    {
        if (Volatile.Read(ref _connection) is not null)
        {
            if (!_isUnsubscribed)
            {
                return;
            }

            Unsubscribe(connection);
            Volatile.Write(ref _connection, null);
        }

        connection.ConnectionFailed += OnConnectionFailed;
        connection.ConnectionRestored += OnConnectionRestored;
        try
        {
            await connection.GetSubscriber().SubscribeAsync(Channel, OnMessage).ConfigureAwait(false);
            Volatile.Write(ref _connection, connection);
        }
        finally
        {
            if (Volatile.Read(ref _connection) is null || _stopping.IsCancellationRequested)
            {
                Unsubscribe(connection);
            }
        }
    }

    private void Unsubscribe(IConnectionMultiplexer connection)
    {
        connection.ConnectionFailed -= OnConnectionFailed;
        connection.ConnectionRestored -= OnConnectionRestored;
        try
        {
            connection.GetSubscriber().Unsubscribe(Channel, OnMessage, CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            // A connection that is gone has no subscription left to end.
        }
    }

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs failure) => Invalidate();

    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs restored) => Wake();

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        var text = ((ReadOnlyMemory<byte>)message).Span;
        if (!Probe.IsOne(text))
        {
            _events.OnMessage(text);
        }
        else if (Volatile.Read(ref _probe) is { } probe && text.SequenceEqual(probe.Text))
        {
            probe.Received.TrySetResult();
        }
    }

    private void MarkSubscribed(long until, long sockets, long losses)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested || Interlocked.Read(ref _losses) != losses)
            {
                // A connection broke while the probe was under way: the loop is already woken to try again.
                return;
            }

            if (_isSubscribed && (_sockets != sockets || Time.GetTimestamp() >= _subscribedUntil))
            {
                ReportLost();
            }

            _sockets = sockets;
            Volatile.Write(ref _subscribedUntil, until);
            if (!_isSubscribed)
            {
                _isSubscribed = true;
                _events.OnSubscribed();
            }

            if (_isReported)
            {
                _isReported = false;
                _events.OnSubscriptionRestored();
            }
        }
    }

    private void MarkLost()
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _losses);
            if (_isSubscribed)
            {
                ReportLost();
            }
        }
    }

    private void ReportLost()
    {
        Volatile.Write(ref _subscribedUntil, 0);
        _isSubscribed = false;
        _events.OnMessagesLost();
    }

    private void Report(Exception exception)
    {
        lock (_lock)
        {
            if (!_isReported)
            {
                _isReported = true;
                _events.OnSubscriptionFailed(exception);
            }
        }
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            _wake.Release();
        }
    }

    /// <summary>How many sockets there have been. Another number means that a connection was made anew, whether or not its end was reported.</summary>
    private static long Sockets(IConnectionMultiplexer connection)
    {
        var counters = connection.GetCounters();
        return counters.Interactive.SocketCount + counters.Subscription.SocketCount;
    }

    private sealed class Probe
    {
        public byte[] Text { get; } = Encoding.ASCII.GetBytes("? " + RandomNumberGenerator.GetHexString(ProbeDigits));

        public TaskCompletionSource Received { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static bool IsOne(ReadOnlySpan<byte> message) => message.StartsWith("? "u8);
    }
}
