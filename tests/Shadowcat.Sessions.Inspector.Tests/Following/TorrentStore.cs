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
        var payload = """{"jsonrpc":"2.0","method":"n"}"""u8.ToArray();
        while (Interlocked.Increment(ref _taken) is var taken && taken <= most)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new MessageEnvelope(id, MessageDirection.ServerToClient, TransportType.Stdio, payload, Recorded.At) with { Sequence = taken - 1 };
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
