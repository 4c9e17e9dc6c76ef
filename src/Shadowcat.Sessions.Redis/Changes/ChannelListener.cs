using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Listens to a channel and knows whether it hears: each second it publishes a word of its own, and waits for it to come back.</summary>
/// <remarks>
/// The client library subscribes again by itself when a connection was made anew, but what was published in between is lost. So the listener
/// says that it lost something whenever a connection broke, and whenever its own word does not come back: at once where the connection
/// says so, within <see cref="Trust"/> where it went silent. Where the server took the word and it did not come back, it subscribes again itself: the application
/// may share the connection, and end all its subscriptions.
/// </remarks>
/// <seealso href="https://redis.io/docs/latest/develop/pubsub/"/>
internal sealed class ChannelListener : IAsyncDisposable, IDisposable
{
    private const int WordDigits = 32;

    /// <summary>How long hearing its own word is taken to mean that nothing goes unheard.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeProvider Time = TimeProvider.System;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly RedisBackend _backend;
    private readonly string _name;
    private readonly IChannelEvents _events;
    private IConnectionMultiplexer? _connection;
    private OwnWord? _word;
    private Task? _running;
    private long _heardUntil;
    private long _sockets;
    private long _breaks;
    private bool _isListening;
    private bool _isReported;
    private bool _isUnsubscribed;

    public ChannelListener(RedisBackend backend, string name, IChannelEvents events)
    {
        _backend = backend;
        _name = name;
        _events = events;
    }

    /// <summary>The timestamp up to which nothing is taken to go unheard; 0 while it does not hear.</summary>
    public long HeardUntil => Volatile.Read(ref _heardUntil);

    private RedisChannel Channel => RedisChannel.Literal(_name);

    /// <summary>Begins to listen, if it does not yet.</summary>
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

    /// <summary>Notes that something may have gone unheard, and finds out whether it hears now.</summary>
    public void Break()
    {
        Lose();
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

    /// <summary>Ends at once; a word that is under way is not waited for.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        Break();
        if (Volatile.Read(ref _connection) is { } connection)
        {
            Leave(connection);
        }
    }

    private async Task RunAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _backend.SendAsync((database, _) => ListenAsync(database), _stopping.Token).ConfigureAwait(false);
                await _wake.WaitAsync(Interval, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is SessionStoreException || RedisFaults.IsFault(exception))
            {
                Lose();
                Report(exception);
                await _wake.WaitAsync(Interval, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> ListenAsync(IDatabase database)
    {
        var connection = database.Multiplexer;
        var breaks = Interlocked.Read(ref _breaks);
        await JoinAsync(connection).ConfigureAwait(false);
        var word = new OwnWord();
        Volatile.Write(ref _word, word);
        var begun = Time.GetTimestamp();

        // As the scripts publish: the client's own way would put the channel prefix of the connection in front.
        var published = database.ExecuteAsync("PUBLISH", _name, word.Text);
        try
        {
            await Task.WhenAll(_events.PrepareAsync(connection), published, word.Heard.Task.WaitAsync(Patience, Time)).ConfigureAwait(false);
        }
        finally
        {
            _isUnsubscribed = published.IsCompletedSuccessfully && !word.Heard.Task.IsCompleted;
        }

        Hear(Time.Add(begun, Trust), Sockets(connection), breaks);
        return true;
    }

    private async Task JoinAsync(IConnectionMultiplexer connection)
    {
        if (Volatile.Read(ref _connection) is not null)
        {
            if (!_isUnsubscribed)
            {
                return;
            }

            Leave(connection);
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
                Leave(connection);
            }
        }
    }

    private void Leave(IConnectionMultiplexer connection)
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

    private void OnConnectionFailed(object? sender, ConnectionFailedEventArgs failure) => Break();

    private void OnConnectionRestored(object? sender, ConnectionFailedEventArgs restored) => Wake();

    private void OnMessage(RedisChannel channel, RedisValue message)
    {
        var text = ((ReadOnlyMemory<byte>)message).Span;
        if (!OwnWord.IsOne(text))
        {
            _events.OnMessage(text);
        }
        else if (Volatile.Read(ref _word) is { } word && text.SequenceEqual(word.Text))
        {
            word.Heard.TrySetResult();
        }
    }

    private void Hear(long until, long sockets, long breaks)
    {
        lock (_lock)
        {
            if (_stopping.IsCancellationRequested || Interlocked.Read(ref _breaks) != breaks)
            {
                // It broke while its word was under way: it is already woken to try again.
                return;
            }

            if (_isListening && (_sockets != sockets || Time.GetTimestamp() >= _heardUntil))
            {
                Forget();
            }

            _sockets = sockets;
            Volatile.Write(ref _heardUntil, until);
            if (!_isListening)
            {
                _isListening = true;
                _events.OnSubscribed();
            }

            if (_isReported)
            {
                _isReported = false;
                _events.OnHeardAgain();
            }
        }
    }

    private void Lose()
    {
        lock (_lock)
        {
            Interlocked.Increment(ref _breaks);
            if (_isListening)
            {
                Forget();
            }
        }
    }

    private void Forget()
    {
        Volatile.Write(ref _heardUntil, 0);
        _isListening = false;
        _events.OnInterrupted();
    }

    private void Report(Exception exception)
    {
        lock (_lock)
        {
            if (!_isReported)
            {
                _isReported = true;
                _events.OnUnheard(exception);
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

    /// <summary>How many sockets there have been: another number means that a connection was made anew, whether or not its end was told.</summary>
    private static long Sockets(IConnectionMultiplexer connection)
    {
        var counters = connection.GetCounters();
        return counters.Interactive.SocketCount + counters.Subscription.SocketCount;
    }

    private sealed class OwnWord
    {
        public byte[] Text { get; } = Encoding.ASCII.GetBytes("? " + RandomNumberGenerator.GetHexString(WordDigits));

        public TaskCompletionSource Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public static bool IsOne(ReadOnlySpan<byte> message) => message.StartsWith("? "u8);
    }
}
