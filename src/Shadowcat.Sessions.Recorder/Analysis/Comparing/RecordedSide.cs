namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>One of two recordings that are compared.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Store">Where it is.</param>
/// <param name="Session">Its session.</param>
internal sealed record RecordedSide(string Name, ISessionStore Store, Session Session)
{
    /// <summary>All of its frames.</summary>
    public IAsyncEnumerable<MessageEnvelope> ReadAsync(CancellationToken cancellationToken) => Store.GetFramesAsync(Session.Id, cancellationToken: cancellationToken);

    /// <summary>One of its frames.</summary>
    public async Task<MessageEnvelope> ReadAsync(long sequence, CancellationToken cancellationToken) =>
        await Store.GetFramesAsync(Session.Id, FrameRange.From(sequence, 1), cancellationToken).FirstAsync(cancellationToken);
}
