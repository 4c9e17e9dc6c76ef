using System.Security.Claims;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Decides whether a session belongs to a user.</summary>
internal static class Owners
{
    /// <summary>Whether a session belongs to the user. A session without an owner is open to any unauthenticated caller who knows its id, and to no authenticated one.</summary>
    public static bool IsOf(Session session, ClaimsPrincipal? user) => session.Owner is null ? !IsAuthenticated(user) : user is not null && session.IsOwnedBy(user);

    /// <summary>Whether the user is authenticated.</summary>
    public static bool IsAuthenticated(ClaimsPrincipal? user) => user?.Identities.Any(identity => identity.IsAuthenticated) == true;
}
