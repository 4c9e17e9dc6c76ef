using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Tells of changes to sessions by whatever process, as the scripts publish them: one channel, however many sessions there are.</summary>
internal sealed class RedisChanges : ISessionChanges, IChannelEvents, IAsyncDisposable, IDisposable
{
    private readonly Lock _lock = new();
    private readonly SessionChangeListeners _listeners = new();
    private readonly ChannelListener _channel;
    private readonly ILogger _logger;
    private ServerClock? _clock;
    private bool _isListening;

    public RedisChanges(RedisBackend backend, RedisSessionStoreOptions options, ILogger logger)
    {
        _channel = new ChannelListener(backend, RedisLayout.ChangesChannel(options.KeyPrefix), this);
        _logger = logger;
    }

    public TimeProvider TimeProvider => TimeProvider.System;

    public long ReceivedUntil => _channel.HeardUntil;

    /// <summary>For what this process does itself.</summary>
    public SessionChangeListeners Listeners => _listeners;

    public IDisposable Subscribe(ISessionChangeListener listener)
    {
        IDisposable subscription;
        lock (_lock)
        {
            subscription = _listeners.Add(listener);
            if (_isListening)
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
            _isListening = true;
            _listeners.NotifySubscribed();
        }
    }

    public void OnInterrupted()
    {
        lock (_lock)
        {
            _isListening = false;
            _listeners.NotifyInterrupted();
        }
    }

    public void OnUnheard(Exception exception) => RedisLog.ChangesUnheard(_logger, exception);

    public void OnHeardAgain() => RedisLog.ChangesHeardAgain(_logger);

    public void OnMessage(ReadOnlySpan<byte> message)
    {
        if (ChangeMessage.TryParse(message, out var change))
        {
            _listeners.Notify(change);
        }
        else
        {
            // Something of a later version changed, and nobody here knows what.
            _channel.Break();
        }
    }

    public ValueTask DisposeAsync() => _channel.DisposeAsync();

    public void Dispose() => _channel.Dispose();
}
