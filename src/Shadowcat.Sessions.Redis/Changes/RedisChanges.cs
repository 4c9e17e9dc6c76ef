using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reports changes to sessions by any process, as the scripts publish them: over one channel, however many sessions there are.</summary>
internal sealed class RedisChanges : ISessionChanges, IChannelEvents, IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SessionChangeListeners _listeners = new();
    private readonly ChannelSubscription _channel;
    private readonly ILogger _logger;
    private ServerClock? _clock;
    private bool _isSubscribed;

    public RedisChanges(RedisBackend backend, RedisSessionStoreOptions options, ILogger logger)
    {
        _channel = new ChannelSubscription(backend, RedisLayout.ChangesChannel(options.KeyPrefix), this);
        _logger = logger;
    }

    public TimeProvider TimeProvider => TimeProvider.System;

    public long ReceivedUntil => _channel.SubscribedUntil;

    /// <summary>Who is notified of what this process does itself.</summary>
    public SessionChangeListeners Listeners => _listeners;

    public IDisposable Subscribe(ISessionChangeListener listener)
    {
        IDisposable subscription;
        lock (_lock)
        {
            subscription = _listeners.Add(listener);
            if (_isSubscribed)
            {
                listener.OnSubscribed();
            }
        }

        _channel.Start();
        return subscription;
    }

    public long EarliestTimestampOf(DateTimeOffset moment) => Volatile.Read(ref _clock)?.EarliestTimestampOf(moment) ?? 0;

    public async Task PrepareAsync(IConnectionMultiplexer connection) =>
        Volatile.Write(ref _clock, await ServerClock.ReadAsync(connection).ConfigureAwait(false));

    public void OnSubscribed()
    {
        lock (_lock)
        {
            _isSubscribed = true;
            _listeners.NotifySubscribed();
        }
    }

    public void OnMessagesLost()
    {
        lock (_lock)
        {
            _isSubscribed = false;
            _listeners.NotifyInterrupted();
        }
    }

    public void OnSubscriptionFailed(Exception exception) => RedisLog.ChangesNotReceived(_logger, exception);

    public void OnSubscriptionRestored() => RedisLog.ChangesReceivedAgain(_logger);

    public void OnMessage(ReadOnlySpan<byte> message)
    {
        if (ChangeMessage.TryParse(message, out var change))
        {
            _listeners.Notify(change);
        }
        else
        {
            // A message of a later version: something changed, and it is not known what.
            _channel.Invalidate();
        }
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    public void Dispose() => _channel.Dispose();
}
