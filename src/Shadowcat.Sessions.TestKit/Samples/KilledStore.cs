namespace Shadowcat.Sessions.TestKit;

/// <summary>A store that dies in the middle: after so many batches, and once the next one is stored.</summary>
internal sealed class KilledStore(ISessionStore store, int appends) : DelegatingSessionStore(store)
{
    private int _left = appends;

    public override async ValueTask<long> AddFramesAsync(SessionId id, IReadOnlyList<MessageEnvelope> frames, CancellationToken cancellationToken = default)
    {
        var first = await base.AddFramesAsync(id, frames, cancellationToken);
        return _left-- == 0 ? throw new IOException("killed") : first;
    }
}
