namespace Shadowcat.Sessions.Mcp;

/// <summary>Notes in the store which session handed out a task or a request state, so that every replica finds the session of later requests that name it, also after a restart.</summary>
/// <remarks>A note is a small session of its own, tagged <c>mcp.continuation</c>: its id follows from what was handed out, and its correlation key is the id of the session.</remarks>
internal sealed class Continuations(ISessionStore store, StoreCalls calls)
{
    private static readonly SessionTag Tag = new("mcp.continuation");

    /// <summary>The id of the note about a task or a request state.</summary>
    /// <param name="key">Its key, as <see cref="MessageFacts.HandsOut"/>.</param>
    public static SessionId IdOf(string key) => new(StorableText.HashOf($"continuation:{key}"));

    /// <summary>Whether a session is such a note.</summary>
    public static bool IsNote(Session session) => session.Tags.Contains(Tag);

    /// <summary>Notes that a session handed out a task or a request state. The last session that did counts.</summary>
    public async Task NoteAsync(Session session, string key)
    {
        var note = new Session(IdOf(key), session.TransportType)
        {
            Boundary = SessionBoundary.Correlated,
            CorrelationKey = session.Id.Value,
            Owner = session.Owner,
            Tags = [Tag],
            TimeToLive = session.TimeToLive,
        }.AsClosed(SessionStatus.Completed);
        try
        {
            await calls.TryAsync(async stop => await WriteAsync(note, stop).ConfigureAwait(false), isRepeatable: true).ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (exception is SessionAlreadyExistsException or SessionNotFoundException)
        {
            // It was created and deleted by others meanwhile.
        }
    }

    /// <summary>Finds the session of a note; null where it is gone.</summary>
    public async Task<Session?> FollowAsync(Session note, CancellationToken cancellationToken) =>
        note.CorrelationKey is { } id ? await store.GetSessionAsync(new SessionId(id), cancellationToken).ConfigureAwait(false) : null;

    private async Task WriteAsync(Session note, CancellationToken cancellationToken)
    {
        try
        {
            await store.CreateSessionAsync(note, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionAlreadyExistsException)
        {
            await store.UpdateSessionAsync(note.Id, current => current with { CorrelationKey = note.CorrelationKey }, cancellationToken).ConfigureAwait(false);
        }
    }
}
