using Microsoft.AspNetCore.Http;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Which sessions a user may see.</summary>
/// <param name="store">Where they are.</param>
/// <param name="options">Whether he sees his own alone.</param>
internal sealed class SessionAccess(Func<ISessionStore> store, SessionInspectorOptions options)
{
    public ISessionStore Store => store();

    /// <summary>Whether a user sees his own sessions alone.</summary>
    public bool IsRestricted => options.OwnerOnly;

    /// <summary>The session that an address names.</summary>
    /// <exception cref="ProblemException">There is none, or none that the user may see.</exception>
    public ValueTask<Session> GetAsync(HttpContext context) =>
        SessionId.TryParse(SessionPath.IdOf(context), provider: null, out var id) ? GetAsync(context, id) : throw Problem.NoSession();

    /// <summary>A session.</summary>
    /// <exception cref="ProblemException">There is none, or none that the user may see.</exception>
    public async ValueTask<Session> GetAsync(HttpContext context, SessionId id) => await FindAsync(context, id).ConfigureAwait(false) ?? throw Problem.NoSession();

    /// <summary>A session; null where there is none, or none that the user may see.</summary>
    public async ValueTask<Session?> FindAsync(HttpContext context, SessionId id) =>
        await ReadAsync(id, context.RequestAborted).ConfigureAwait(false) is { } session && IsVisible(context, session) ? session : null;

    /// <summary>A session for whoever may see it; null where there is none, or none of which could be said who may.</summary>
    public async ValueTask<Session?> ReadAsync(SessionId id, CancellationToken cancellationToken)
    {
        try
        {
            return await Store.GetSessionAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (SessionSerializationException) when (IsRestricted)
        {
            // Whose it is cannot be read either, and that it is there is nothing for another.
            return null;
        }
    }

    /// <summary>Whether the user of a request may see a session.</summary>
    public bool IsVisible(HttpContext context, Session session) => !options.OwnerOnly || session.IsOwnedBy(context.User);

    /// <summary>Whose sessions alone the user sees; null where he sees all.</summary>
    /// <exception cref="ProblemException">He sees his own alone, and nobody knows who he is.</exception>
    public SessionOwner? OwnerFor(HttpContext context) => !options.OwnerOnly ? null
        : SessionOwner.From(context.User) ?? throw new ProblemException(
            StatusCodes.Status403Forbidden, "Nobody knows who you are", "This page shows each user his own sessions, and the request names no user. Sign in; or ask for a claim that identifies you, if you are signed in.");
}
