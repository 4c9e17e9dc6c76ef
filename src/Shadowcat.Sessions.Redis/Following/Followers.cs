using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The readers that follow sessions through this store, and what wakes them.</summary>
/// <remarks>
/// <para>An append is one RPUSHX that notifies nobody, and must not cost more where nobody follows. So a follower writes a note with an end time into the session's hash. Where
/// there was no note, the list gets another fencing token: a writer that knows the old token pushes onto no list, asks the script, and learns of the follower. From then on
/// the script publishes what it appends in the same step, and a worker that pushed publishes afterwards. Writers need no subscription, and a session that nobody follows costs
/// one field more in the HMGET of the script.</para>
/// <para>All messages go over one channel. A store subscribes to it while it has followers, however many, and knows which of them to wake; what the store appends itself wakes
/// them directly. Messages may be lost, so a follower also looks by itself: seldom while the subscription is verified, often while it is not or the note could not be written.</para>
/// <para>The alternatives notify of every append to every session, so each writer pays. A push of 1 KB took 2.8 µs of the server (7.0, pipelined), with keyspace notifications 3.0,
/// with <c>CLIENT TRACKING</c> and BCAST for one process 3.3. Keyspace notifications are also off by default, and blocking reads need a connection for each follower. Writers
/// could subscribe to what followers publish, but each process that writes would need a subscription, and would learn of a follower late or never where a message is lost.</para>
/// </remarks>
/// <seealso href="https://redis.io/docs/latest/develop/pubsub/"/>
internal sealed class Followers(RedisBackend backend, RedisSessionStoreOptions options, SessionChangeListeners local, ILogger logger)
    : IChannelEvents, ISessionChangeListener, IAsyncDisposable, IDisposable
{
    /// <summary>How often a follower looks that is also notified.</summary>
    private static readonly TimeSpan PollWhileSubscribed = TimeSpan.FromSeconds(1);

    /// <summary>How often a follower looks that is not notified.</summary>
    private static readonly TimeSpan PollWhileUnsubscribed = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, List<Follower>> _followers = [];
    private ChannelSubscription? _channel;
    private IDisposable? _localChanges;
    private bool _isNoteMissing;
    private bool _isDisposed;

    /// <summary>Whether the store has been disposed of, which is an outage that does not end.</summary>
    public bool IsDisposed => Volatile.Read(ref _isDisposed);

    /// <summary>Adds a follower of a session. It is one until it is disposed of.</summary>
    public Follower Join(SessionId id)
    {
        ChannelSubscription? started = null;
        Follower follower;
        lock (_lock)
        {
            if (_followers.Count == 0)
            {
                _channel = started = new ChannelSubscription(backend, RedisLayout.FollowedChannel(options.KeyPrefix), this);
                _localChanges = local.Add(this);
            }

            if (!_followers.TryGetValue(id, out var followers))
            {
                _followers.Add(id, followers = []);
            }

            follower = new Follower(id, followers is [var other, ..] ? other.Interest : new FollowInterest(id), Leave);
            followers.Add(follower);
        }

        started?.Start();
        return follower;
    }

    /// <summary>Lets writers know of the follower, where they may not.</summary>
    public async ValueTask NoteAsync(Follower follower, CancellationToken cancellationToken)
    {
        try
        {
            if (await follower.Interest.NoteAsync(backend, cancellationToken).ConfigureAwait(false))
            {
                Volatile.Write(ref _isNoteMissing, false);
            }
        }
        catch (SessionStoreException exception)
        {
            if (!Interlocked.Exchange(ref _isNoteMissing, true))
            {
                RedisLog.FollowersNotNotified(logger, exception);
            }
        }
    }

    /// <summary>Sleeps until there may be more for the follower.</summary>
    /// <param name="follower">The follower.</param>
    /// <param name="isDelayed">Whether the last look failed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task SleepAsync(Follower follower, bool isDelayed, CancellationToken cancellationToken)
    {
        var isSubscribed = Volatile.Read(ref _channel) is { } channel && TimeProvider.System.GetTimestamp() < channel.SubscribedUntil;
        return follower.SleepAsync(isSubscribed && follower.Interest.IsNoted && !isDelayed ? PollWhileSubscribed : PollWhileUnsubscribed, cancellationToken);
    }

    public void OnSubscribed() => WakeAll();

    public void OnMessagesLost() => WakeAll();

    public void OnInterrupted() => WakeAll();

    public void OnSubscriptionFailed(Exception exception) => RedisLog.FollowersNotNotified(logger, exception);

    public void OnSubscriptionRestored() => RedisLog.FollowersNotifiedAgain(logger);

    public void OnMessage(ReadOnlySpan<byte> message)
    {
        if (FollowMessage.TryParse(message, out var id, out var end))
        {
            Wake(id, end);
        }
        else
        {
            // A message of a later version: it is not known what changed.
            WakeAll();
        }
    }

    public void OnChanged(in SessionChange change) => Wake(change.Id, end: 0);

    public void OnActivity(in SessionActivity activity)
    {
        if (activity.FrameCount is { } end)
        {
            Wake(activity.Id, end);
        }
    }

    public Task PrepareAsync(IConnectionMultiplexer connection) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        var channel = Volatile.Read(ref _channel);
        Dispose();
        if (channel is not null)
        {
            await channel.DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _isDisposed, true);
        Volatile.Read(ref _channel)?.Dispose();
        WakeAll();
    }

    private void Leave(Follower follower)
    {
        (ChannelSubscription?, IDisposable?) ended = default;
        lock (_lock)
        {
            if (_followers.TryGetValue(follower.Id, out var followers) && followers.Remove(follower) && followers.Count == 0)
            {
                _followers.Remove(follower.Id);
                if (_followers.Count == 0)
                {
                    ended = (_channel, _localChanges);
                    (_channel, _localChanges) = (null, null);
                }
            }
        }

        // Outside of the lock: a subscription reports its end, and may be about to report something else.
        ended.Item1?.Dispose();
        ended.Item2?.Dispose();
    }

    private void Wake(SessionId id, long end)
    {
        lock (_lock)
        {
            if (_followers.TryGetValue(id, out var followers))
            {
                foreach (var follower in followers)
                {
                    follower.Wake(end);
                }
            }
        }
    }

    private void WakeAll()
    {
        lock (_lock)
        {
            foreach (var follower in _followers.Values.SelectMany(static followers => followers))
            {
                follower.Wake();
            }
        }
    }
}
