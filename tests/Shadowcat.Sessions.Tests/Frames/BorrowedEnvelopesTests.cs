namespace Shadowcat.Sessions.Tests.Frames;

/// <summary>Borrowed frames of a store that has only envelopes: the default of <see cref="ISessionStore.BorrowFramesAsync"/>.</summary>
public sealed class BorrowedEnvelopesTests
{
    private static readonly SessionId Id = SessionId.New();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Borrowed_FromEnvelopes_SayWhatTheySay()
    {
        MessageEnvelope[] envelopes = [Make.FullFrame(Id), Make.Frame(Id, 1) with { Sequence = 1 }];
        var at = 0;

        await foreach (var frame in envelopes.ToAsyncEnumerable().Borrow())
        {
            var envelope = envelopes[at++];
            Assert.Equal((envelope.SessionId, envelope.Sequence, envelope.Direction), (frame.SessionId, frame.Sequence, frame.Direction));
            Assert.Equal((envelope.Timestamp, envelope.TransportType, envelope.Kind), (frame.Timestamp, frame.TransportType, frame.Kind));
            Assert.Equal((envelope.Flags, envelope.Method, envelope.RequestId), (frame.Flags, frame.Method, frame.RequestId));
            Assert.Equal((envelope.ExchangeId, envelope.ProtocolVersion, envelope.Metadata), (frame.ExchangeId, frame.ProtocolVersion, frame.Metadata));
            Assert.Equal(envelope.Payload.Span, frame.Payload);
            Assert.Equal(envelope, frame.ToEnvelope());
            Assert.False(envelope.Payload.Span.Overlaps(frame.ToEnvelope().Payload.Span));
        }

        Assert.Equal(2, at);
    }

    [Fact]
    public async Task Borrowed_StoppedEarly_DisposesOfTheEnvelopes()
    {
        var disposed = false;
        async IAsyncEnumerable<MessageEnvelope> EnvelopesAsync()
        {
            try
            {
                yield return Make.Frame(Id);
                await Task.Yield();
                yield return Make.Frame(Id);
            }
            finally
            {
                disposed = true;
            }
        }

        await foreach (var frame in EnvelopesAsync().Borrow().WithCancellation(Ct))
        {
            Assert.Equal(Id, frame.SessionId);
            break;
        }

        Assert.True(disposed);
    }
}
