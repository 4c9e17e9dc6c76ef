using System.Security.Claims;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Says whose session it is that the recording sees.</summary>
internal static class Principals
{
    /// <summary>The owner that a principal is; null where nobody was authenticated, or nothing names him.</summary>
    /// <remarks>A name is enough to keep two users' recordings apart. It is not enough to be handed a session: there only <see cref="SessionOwner.From(ClaimsPrincipal)"/> counts.</remarks>
    public static SessionOwner? OwnerOf(ClaimsPrincipal? principal) =>
        SessionOwner.From(principal) ?? SessionOwner.From(principal, (principal?.Identity as ClaimsIdentity)?.NameClaimType ?? ClaimTypes.Name);
}
