using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>Makes one enumeration of a store's pages.</summary>
internal static class SessionPages
{
    public static async IAsyncEnumerable<Session> EnumerateAsync(
        ISessionStore store, SessionFilter? filter, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var page = await store.ListSessionPageAsync(filter, pageSize, token, cancellationToken).ConfigureAwait(false);
            foreach (var session in page.Sessions)
            {
                yield return session;
            }

            token = page.ContinuationToken;
        }
        while (token is not null);
    }
}
