using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Inspector.Tests.Exporting;

/// <summary>A session of as many frames as are wanted, which are made while they are read.</summary>
internal sealed class EndlessStore(Session session, long frames, byte[] payload, Action<long> onRead) : DelegatingSessionStore(new InMemorySessionStore())
{
    public override ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) => new(session with { FrameCount = frames });

    public override async IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var sequence = range.Start ?? 0; sequence < frames; sequence++)
        {
            onRead(sequence);
            yield return new MessageEnvelope(id, MessageDirection.ServerToClient, TransportType.Stdio, payload.ToArray(), Recorded.At) with { Sequence = sequence };
        }

        await Task.CompletedTask;
    }
}
