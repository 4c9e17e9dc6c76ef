using System.Security.Claims;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Says whose a session is.</summary>
internal static class Owners
{
    /// <summary>Tells whether a session is the user's. What nobody owns is anybody's who is not authenticated and knows its id, and no user's.</summary>
    public static bool IsOf(Session session, ClaimsPrincipal? user) => session.Owner is null ? !IsAuthenticated(user) : user is not null && session.IsOwnedBy(user);

    /// <summary>Tells whether it is known who the user is.</summary>
    public static bool IsAuthenticated(ClaimsPrincipal? user) => user?.Identities.Any(identity => identity.IsAuthenticated) == true;
}
