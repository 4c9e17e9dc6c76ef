using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Those who follow sessions through this store, and what wakes them.</summary>
/// <remarks>
/// <para>An append is one RPUSHX that tells nobody, and must not cost more where nobody follows. So who follows leaves a note in the session's hash, until when,
/// and renames the list where there was none: as with everything that changes what a push means, who knows the old name pushes onto nothing, asks the script, and learns
/// of it. From then on the script publishes what it appends in the same step, and a lane that pushed publishes behind it. Who appends needs no
/// subscription, and nobody pays for sessions that nobody follows but for one field more in the HMGET of the script.</para>
/// <para>All messages go over one channel, to which a store listens while it has followers, however many: it knows which of them to wake, and what this store
/// appends itself wakes them without it. Messages may be lost. So a follower also looks by itself: seldom while the channel is proven to be heard, often
/// while it is not or the note could not be left.</para>
/// <para>The other ways tell of every append to every session, so each writer pays: a push of 1 KB took 2.8 µs of the server (7.0, pipelined), with keyspace notifications 3.0,
/// with <c>CLIENT TRACKING</c> and BCAST for one process 3.3. The first are off by default, too, and blocking reads need a connection for each follower. Writers could
/// instead listen to what followers say, with a subscription for each process that writes, and would hear of a follower late or never where a message is lost.</para>
/// </remarks>
/// <seealso href="https://redis.io/docs/latest/develop/pubsub/"/>
internal sealed class Followers(RedisBackend backend, RedisSessionStoreOptions options, SessionChangeListeners local, ILogger logger)
    : IChannelEvents, ISessionChangeListener, IAsyncDisposable, IDisposable
{
    /// <summary>How often a follower looks that is woken when there is more.</summary>
    private static readonly TimeSpan PollWhileHeard = TimeSpan.FromSeconds(1);

    /// <summary>How often one looks that has nothing else to rely on.</summary>
    private static readonly TimeSpan PollWhileDeaf = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionId, List<Follower>> _followers = [];
    private ChannelListener? _channel;
    private IDisposable? _localChanges;
    private bool _isUnaided;
    private bool _isDisposed;

    /// <summary>Whether the store has been disposed of: an outage that does not end.</summary>
    public bool IsDisposed => Volatile.Read(ref _isDisposed);

    /// <summary>Joins those who follow a session, until it is disposed of.</summary>
    public Follower Join(SessionId id)
    {
        ChannelListener? started = null;
        Follower follower;
        lock (_lock)
        {
            if (_followers.Count == 0)
            {
                _channel = started = new ChannelListener(backend, RedisLayout.FollowedChannel(options.KeyPrefix), this);
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

    /// <summary>Lets those who append to the session know of the follower, where they may not.</summary>
    public async ValueTask NoteAsync(Follower follower, CancellationToken cancellationToken)
    {
        try
        {
            if (await follower.Interest.NoteAsync(backend, cancellationToken).ConfigureAwait(false))
            {
                Volatile.Write(ref _isUnaided, false);
            }
        }
        catch (SessionStoreException exception)
        {
            if (!Interlocked.Exchange(ref _isUnaided, true))
            {
                RedisLog.FollowersUnaided(logger, exception);
            }
        }
    }

    /// <summary>Sleeps until there may be more for the follower.</summary>
    /// <param name="follower">The follower.</param>
    /// <param name="isDelayed">Whether the last look failed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task SleepAsync(Follower follower, bool isDelayed, CancellationToken cancellationToken)
    {
        var isHeard = Volatile.Read(ref _channel) is { } channel && TimeProvider.System.GetTimestamp() < channel.HeardUntil;
        return follower.SleepAsync(isHeard && follower.Interest.IsNoted && !isDelayed ? PollWhileHeard : PollWhileDeaf, cancellationToken);
    }

    public void OnSubscribed() => WakeAll();

    public void OnInterrupted() => WakeAll();

    public void OnUnheard(Exception exception) => RedisLog.FollowersUnaided(logger, exception);

    public void OnHeardAgain() => RedisLog.FollowersHearAgain(logger);

    public void OnMessage(ReadOnlySpan<byte> message)
    {
        if (FollowMessage.TryParse(message, out var id, out var end))
        {
            Wake(id, end);
        }
        else
        {
            // Something of a later version: nobody here knows what.
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
        (ChannelListener?, IDisposable?) ended = default;
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

        // Outside of the lock: a channel tells that it hears no more, and may be about to say something else.
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
