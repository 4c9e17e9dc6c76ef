using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Inspector.Tests.Following;

/// <summary>A session in which frames come as fast as they are taken.</summary>
internal sealed class TorrentStore(ISessionStore inner, long most) : DelegatingSessionStore(inner)
{
    private long _taken;

    /// <summary>How many were taken.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    public override async IAsyncEnumerable<MessageEnvelope> FollowFramesAsync(SessionId id, FrameRange range = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (Take(id, cancellationToken) is { } frame)
        {
            yield return frame;
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public override IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        ReadAsync(id, range.Count ?? most, cancellationToken).Borrow();

    private async IAsyncEnumerable<MessageEnvelope> ReadAsync(SessionId id, long count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var number = 0; number < count && Take(id, cancellationToken) is { } frame; number++)
        {
            yield return frame;
        }

        await Task.CompletedTask;
    }

    private MessageEnvelope? Take(SessionId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Interlocked.Increment(ref _taken) is var taken && taken > most ? null
            : new MessageEnvelope(id, MessageDirection.ServerToClient, TransportType.Stdio, """{"jsonrpc":"2.0","method":"n"}"""u8.ToArray(), Recorded.At) with { Sequence = taken - 1 };
    }
}
