using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>What members of <see cref="ISessionStore"/> do by default: with the others.</summary>
internal static class StoreDefaults
{
    private const int PageSize = 256;

    /// <summary>Reads sessions one after the other.</summary>
    public static ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(ISessionStore store, IReadOnlyList<SessionId> ids, CancellationToken cancellationToken)
    {
        InputRules.Ids(ids);
        return ReadAsync();

        async ValueTask<IReadOnlyList<Session?>> ReadAsync()
        {
            var sessions = new Session?[ids.Count];
            for (var i = 0; i < sessions.Length; i++)
            {
                sessions[i] = await store.GetSessionAsync(ids[i], cancellationToken).ConfigureAwait(false);
            }

            return sessions;
        }
    }

    /// <summary>Lists sessions page by page.</summary>
    public static async IAsyncEnumerable<Session> ListSessionsAsync(ISessionStore store, SessionFilter? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await store.ListSessionPageAsync(filter, PageSize, token, cancellationToken).ConfigureAwait(false);
            foreach (var session in page.Sessions)
            {
                yield return session;
            }

            token = page.ContinuationToken;
        }
        while (token is not null);
    }

    /// <summary>Counts frames by what the session says of them.</summary>
    public static async ValueTask<long> CountFramesAsync(ISessionStore store, SessionId id, CancellationToken cancellationToken) =>
        await store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is { } session
            ? session.FrameCount - session.FirstSequence
            : throw new SessionNotFoundException(Operations.CountFrames, id);
}
