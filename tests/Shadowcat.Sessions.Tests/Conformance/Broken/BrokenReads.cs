using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>Stores that break what is promised of reading, counting, deleting and following frames.</summary>
internal static class BrokenReads
{
    public static IReadOnlyDictionary<string, BrokenPromise> All { get; } = new Dictionary<string, BrokenPromise>(StringComparer.Ordinal)
    {
        ["hands out what it holds"] = new("ReadFrames", static store => new HandsOut(store)),
        ["skips what was trimmed"] = new("ReadFrames", static store => new Reads(store, SkipTrimmed)),
        ["skips one frame at the end of a page"] = new("ReadFrames", static store => new Reads(store, static (inner, id, range, token) => inner.GetFramesAsync(id, range, token).Where(static frame => frame.Sequence != 1000))),
        ["reads one frame too few"] = new("ReadFrames", static store => new Reads(store, static (inner, id, range, token) => inner.GetFramesAsync(id, range.IsFromEnd ? FrameRange.Last(Math.Max(0, range.Count!.Value - 1)) : range, token))),
        ["reads what it found at the beginning"] = new("ReadFrames", static store => new Reads(store, ReadAtOnce)),
        ["reads of an earlier life"] = new("DeleteSession", static store => new Reads(store, ReadAtOnce)),
        ["borrows another range"] = new("BorrowFrames", static store => new Borrows(store)),
        ["counts what was trimmed"] = new("DeleteFrames", static store => new Counts(store)),
        ["deletes one frame too many"] = new("DeleteFrames", static store => new Deletes(store, static (inner, id, before) => inner.DeleteFramesAsync(id, before + 1))),
        ["takes deleting frames for activity"] = new("DeleteFrames", static store => new Deletes(store, TouchAndDelete)),
        ["says wrongly how many frames it deleted"] = new("DeleteFrames", static store => new Deletes(store, static async (inner, id, before) => Math.Max(1, await inner.DeleteFramesAsync(id, before)))),
        ["does not wake a follower"] = new("FollowFrames", static store => new Follows(store, NeverWoken)),
        ["misses a frame while it follows"] = new("FollowFrames", static store => new Follows(store, static (inner, id, range, token) => inner.FollowFramesAsync(id, range, token).Where(static frame => frame.Sequence != 11))),
        ["follows only what is there"] = new("FollowFrames", static store => new Follows(store, static (inner, id, range, token) => inner.GetFramesAsync(id, range, token))),
        ["follows a closed session"] = new("FollowFrames", static store => new Follows(store, static (inner, id, range, token) => ThenNever(inner.FollowFramesAsync(id, range, token), token))),
        ["follows into the next life"] = new("FollowFrames", static store => new Follows(store, NextLife)),
        ["takes following for activity"] = new("FollowFrames", static store => new Follows(store, Touching)),
    };

    private static async ValueTask<long> TouchAndDelete(ISessionStore inner, SessionId id, long? before)
    {
        await inner.TouchSessionAsync(id);
        return await inner.DeleteFramesAsync(id, before);
    }

    private static async IAsyncEnumerable<MessageEnvelope> SkipTrimmed(ISessionStore inner, SessionId id, FrameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var first = (await inner.GetSessionAsync(id, cancellationToken))?.FirstSequence ?? 0;
        await foreach (var frame in inner.GetFramesAsync(id, range.Start < first ? FrameRange.From(first, range.Count) : range, cancellationToken))
        {
            yield return frame;
        }
    }

    private static async IAsyncEnumerable<MessageEnvelope> ReadAtOnce(ISessionStore inner, SessionId id, FrameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var frame in await inner.GetFramesAsync(id, range, cancellationToken).ToListAsync(cancellationToken))
        {
            yield return frame;
        }
    }

    private static async IAsyncEnumerable<MessageEnvelope> NeverWoken(ISessionStore inner, SessionId id, FrameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isClosed = await inner.GetSessionAsync(id, cancellationToken) is { IsClosed: true };
        await foreach (var frame in isClosed ? inner.FollowFramesAsync(id, range, cancellationToken) : ThenNever(inner.GetFramesAsync(id, range, cancellationToken), cancellationToken))
        {
            yield return frame;
        }
    }

    private static async IAsyncEnumerable<MessageEnvelope> ThenNever(IAsyncEnumerable<MessageEnvelope> frames, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            yield return frame;
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    private static async IAsyncEnumerable<MessageEnvelope> NextLife(ISessionStore inner, SessionId id, FrameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var frames = inner.FollowFramesAsync(id, range, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var isOver = false;
        var any = false;
        while (!isOver)
        {
            try
            {
                isOver = !await frames.MoveNextAsync();
                any = true;
            }
            catch (SessionNotFoundException) when (any)
            {
                break;
            }

            if (!isOver)
            {
                yield return frames.Current;
            }
        }

        if (!isOver)
        {
            await foreach (var frame in inner.FollowFramesAsync(id, default, cancellationToken))
            {
                yield return frame;
            }
        }
    }

    private static async IAsyncEnumerable<MessageEnvelope> Touching(ISessionStore inner, SessionId id, FrameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var frame in inner.FollowFramesAsync(id, range, cancellationToken))
        {
            await inner.TouchSessionAsync(id, cancellationToken);
            yield return frame;
        }
    }

    private sealed class HandsOut(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private readonly ConcurrentDictionary<(SessionId, long), ReadOnlyMemory<byte>> _held = [];

        public override IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
            base.GetFramesAsync(id, range, cancellationToken).Select(frame => frame with { Payload = _held.GetOrAdd((id, frame.Sequence), frame.Payload) });
    }

    private sealed class Reads(ISessionStore inner, Func<ISessionStore, SessionId, FrameRange, CancellationToken, IAsyncEnumerable<MessageEnvelope>> read) : DelegatingSessionStore(inner)
    {
        public override IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) => read(InnerStore, id, range, cancellationToken);
    }

    private sealed class Borrows(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) => base.BorrowFramesAsync(id, default, cancellationToken);
    }

    private sealed class Counts(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default) =>
            (await base.GetSessionAsync(id, cancellationToken))?.FrameCount ?? throw new SessionNotFoundException(Operations.CountFrames, id);
    }

    private sealed class Deletes(ISessionStore inner, Func<ISessionStore, SessionId, long?, ValueTask<long>> delete) : DelegatingSessionStore(inner)
    {
        public override ValueTask<long> DeleteFramesAsync(SessionId id, long? beforeSequence = null, CancellationToken cancellationToken = default) => delete(InnerStore, id, beforeSequence);
    }

    private sealed class Follows(ISessionStore inner, Func<ISessionStore, SessionId, FrameRange, CancellationToken, IAsyncEnumerable<MessageEnvelope>> follow) : DelegatingSessionStore(inner)
    {
        public override IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) => follow(InnerStore, id, range, cancellationToken);
    }
}
