using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.Redis;

/// <summary>Reads the frames of a session, and then those that are appended.</summary>
internal sealed class FollowStream
{
    private readonly RedisBackend _backend;
    private readonly RedisFrames _frames;
    private readonly Followers _followers;
    private readonly SessionId _id;
    private readonly FrameRange _range;

    /// <summary>How many frames are taken: a count from the end only says where to begin.</summary>
    private readonly long _count;
    private readonly ILogger _logger;

    private readonly ReadPosition _position = new();
    private FrameList? _list;
    private long _next;
    private long _read;
    private bool _isDelayed;

    private FollowStream(RedisBackend backend, RedisFrames frames, Followers followers, SessionId id, FrameRange range, ILogger logger)
    {
        _backend = backend;
        _frames = frames;
        _followers = followers;
        _id = id;
        _range = range;
        _count = range.IsFromEnd ? long.MaxValue : range.Count ?? long.MaxValue;
        _logger = logger;
    }

    /// <summary>Follows a session; each enumeration anew.</summary>
    public static async IAsyncEnumerable<MessageEnvelope> ReadAsync(
        RedisBackend backend,
        RedisFrames frames,
        Followers followers,
        SessionId id,
        FrameRange range,
        ILogger logger,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = new FollowStream(backend, frames, followers, id, range, logger);
        await foreach (var frame in stream.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return frame;
        }
    }

    private async IAsyncEnumerable<MessageEnvelope> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // A reader that ends with what is there already need not be woken.
        Follower? follower = null;
        try
        {
            while (true)
            {
                if (await TryLookAsync(cancellationToken).ConfigureAwait(false) is { } session)
                {
                    var count = Math.Max(0, Math.Min(session.List.End - _next, _count - _read));
                    var end = _next + count;
                    follower?.MoveTo(end);
                    var frames = _frames
                        .Read(Operations.FollowFrames, _id, FrameRange.From(_next, count), session.List, _position)
                        .OwnAsync(cancellationToken)
                        .GetAsyncEnumerator(cancellationToken);
                    await using var disposing = frames.ConfigureAwait(false);
                    while (_next < end && await TryMoveNextAsync(frames).ConfigureAwait(false))
                    {
                        _next++;
                        _read++;
                        yield return frames.Current;
                    }

                    if (_read == _count || (session.IsClosed && _next >= end))
                    {
                        yield break;
                    }
                }

                if (follower is null)
                {
                    // What was appended before it joined is seen by the next look.
                    follower = _followers.Join(_id);
                }
                else
                {
                    follower.MoveTo(_next);
                    await _followers.SleepAsync(follower, _isDelayed, cancellationToken).ConfigureAwait(false);
                }

                await _followers.NoteAsync(follower, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            follower?.Dispose();
        }
    }

    /// <summary>Looks at the session; null in an outage.</summary>
    private async ValueTask<FollowedSession?> TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var session = await _backend.RunAsync(
                Operations.FollowFrames,
                _id,
                (target, partition) => FollowedSession.ReadAsync(target.Database, partition, _id),
                cancellationToken).ConfigureAwait(false);
            Advance(session.List);
            _isDelayed = false;
            return session;
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            NoteDelay(exception);
            return null;
        }
    }

    private async ValueTask<bool> TryMoveNextAsync(IAsyncEnumerator<MessageEnvelope> frames)
    {
        try
        {
            return await frames.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOutage(exception))
        {
            NoteDelay(exception);
            return false;
        }
    }

    /// <summary>Before the first look, and after the store was disposed of, an outage is the caller's to handle.</summary>
    private bool IsOutage(Exception exception) => _list is not null && !_followers.IsDisposed && exception is SessionStoreUnavailableException or SessionTimeoutException;

    private void NoteDelay(Exception exception)
    {
        if (!_isDelayed)
        {
            _isDelayed = true;
            RedisLog.FollowingDelayed(_logger, exception);
        }
    }

    /// <summary>Takes over what the list is now, if it is the same list with the same or more frames.</summary>
    private void Advance(FrameList list)
    {
        if (_list is not { } before)
        {
            _next = _range.IsFromEnd ? Math.Max(list.First, list.End - _range.Count.GetValueOrDefault()) : _range.Start ?? list.First;
        }
        else if (!string.Equals(list.Generation, before.Generation, StringComparison.Ordinal))
        {
            throw new SessionNotFoundException(Operations.FollowFrames, _id);
        }
        else if (list.End < before.End)
        {
            throw new FramesLostException(
                Operations.FollowFrames, _id, before.End - 1, $"frame {before.End - 1}, which the server had stored, is gone: the server came back without its newest frames. Read the session again.");
        }

        if (_next < list.First && _read < _count)
        {
            throw new FramesTrimmedException(Operations.FollowFrames, _id, _next, list.First);
        }

        _list = list;
    }
}
