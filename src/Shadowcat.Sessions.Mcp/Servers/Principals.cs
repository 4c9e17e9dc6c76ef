using System.Security.Claims;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds the owner of a recorded session.</summary>
internal static class Principals
{
    /// <summary>The owner for a principal; null where it is not authenticated, or has neither an identifier nor a name.</summary>
    /// <remarks>A name is enough to keep two users' recordings apart. It is not enough to be handed a session: there only <see cref="SessionOwner.From(ClaimsPrincipal)"/> counts.</remarks>
    public static SessionOwner? OwnerOf(ClaimsPrincipal? principal) =>
        SessionOwner.From(principal) ?? SessionOwner.From(principal, (principal?.Identity as ClaimsIdentity)?.NameClaimType ?? ClaimTypes.Name);
}
