using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Inspector;

/// <summary>A store that lists some of its sessions only: those that an export is to have.</summary>
internal sealed class ChosenSessions(ISessionStore inner, IReadOnlyList<SessionId> ids, Func<SessionId, ValueTask<Session?>> find) : DelegatingSessionStore(inner)
{
    public override async IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var id in ids)
        {
            if (await find(id).ConfigureAwait(false) is { } session)
            {
                yield return session;
            }
        }
    }
}
