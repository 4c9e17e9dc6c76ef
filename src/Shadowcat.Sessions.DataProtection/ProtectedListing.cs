using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.DataProtection;

/// <summary>Lists the sessions of a store that has part of them encrypted: conditions on encrypted members are checked after decryption.</summary>
internal sealed class ProtectedListing
{
    private readonly ISessionStore _store;
    private readonly Func<Session, Session?> _unprotect;
    private readonly SessionFilter _filter;
    private readonly SessionFilter _stored;

    /// <param name="store">The store inside.</param>
    /// <param name="unprotect">Makes a session readable; null where it cannot be read.</param>
    /// <param name="filter">Which sessions are wanted; null for all.</param>
    public ProtectedListing(ISessionStore store, Func<Session, Session?> unprotect, SessionFilter? filter)
    {
        _store = store;
        _unprotect = unprotect;
        _filter = filter ?? SessionFilter.None;
        _stored = _filter with { ClientName = null, ServerName = null, TransportSessionId = null };
    }

    /// <summary>Reads all sessions that match.</summary>
    public IAsyncEnumerable<Session> ReadAsync(CancellationToken cancellationToken) =>
        ReadableAsync(_store.ListSessionsAsync(_stored, cancellationToken), CancellationToken.None);

    /// <summary>Reads a page.</summary>
    public async ValueTask<SessionPage> ReadPageAsync(int pageSize, string? continuationToken, CancellationToken cancellationToken)
    {
        // The token of a page of the store leads behind its last session. So the page is asked for again up to the last session that is wanted, where it has more of them.
        var size = _stored == _filter || pageSize is < 1 or > SessionStoreLimits.MaxPageSize ? pageSize : SessionStoreLimits.MaxPageSize;
        while (true)
        {
            var page = await _store.ListSessionPageAsync(_stored, size, continuationToken, cancellationToken).ConfigureAwait(false);
            var wanted = page.Sessions.Index().Select(stored => (stored.Index, Session: Readable(stored.Item))).Where(stored => stored.Session is not null).ToList();
            if (wanted.Count <= pageSize)
            {
                return page with { Sessions = [.. wanted.Select(stored => stored.Session!)] };
            }

            size = wanted[pageSize - 1].Index + 1;
        }
    }

    private Session? Readable(Session stored) => _unprotect(stored) is { } session && _filter.Matches(session) ? session : null;

    private async IAsyncEnumerable<Session> ReadableAsync(IAsyncEnumerable<Session> sessions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var stored in sessions.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (Readable(stored) is { } session)
            {
                yield return session;
            }
        }
    }
}
