using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>What members of <see cref="ISessionStore"/> do by default: they are made of the others, which are given as functions.</summary>
internal static class StoreDefaults
{
    private const int PageSize = 256;

    /// <summary>Reads sessions one after the other.</summary>
    /// <param name="ids">The identities.</param>
    /// <param name="read">Reads one session.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public static ValueTask<IReadOnlyList<Session?>> GetSessionsAsync(
        IReadOnlyList<SessionId> ids, Func<SessionId, CancellationToken, ValueTask<Session?>> read, CancellationToken cancellationToken)
    {
        InputRules.Ids(ids);
        return ReadAsync();

        async ValueTask<IReadOnlyList<Session?>> ReadAsync()
        {
            var sessions = new Session?[ids.Count];
            for (var i = 0; i < sessions.Length; i++)
            {
                sessions[i] = await read(ids[i], cancellationToken).ConfigureAwait(false);
            }

            return sessions;
        }
    }

    /// <summary>Lists sessions page by page.</summary>
    /// <param name="readPage">Reads a page of the size that it is given, behind the one of a token.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public static async IAsyncEnumerable<Session> ListSessionsAsync(
        Func<int, string?, CancellationToken, ValueTask<SessionPage>> readPage, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await readPage(PageSize, token, cancellationToken).ConfigureAwait(false);
            foreach (var session in page.Sessions)
            {
                yield return session;
            }

            token = page.ContinuationToken;
        }
        while (token is not null);
    }

    /// <summary>Counts the frames of a session by what the session says of them.</summary>
    /// <param name="id">The session.</param>
    /// <param name="reading">The session as it is read.</param>
    public static async ValueTask<long> CountFramesAsync(SessionId id, ValueTask<Session?> reading) =>
        await reading.ConfigureAwait(false) is { } session
            ? session.FrameCount - session.FirstSequence
            : throw new SessionNotFoundException(Operations.CountFrames, id);
}
