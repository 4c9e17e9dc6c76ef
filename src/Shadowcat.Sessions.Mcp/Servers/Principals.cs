using System.Security.Claims;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Names a principal by the claim that the SDK tells the users of a session apart by.</summary>
internal static class Principals
{
    private const string Subject = "sub";

    /// <summary>The owner that a principal is; null where nobody was authenticated, or nothing names him.</summary>
    public static SessionOwner? OwnerOf(ClaimsPrincipal? principal)
    {
        if (principal?.Identity is not { IsAuthenticated: true })
        {
            return null;
        }

        var claim = principal.FindFirst(ClaimTypes.NameIdentifier)
            ?? principal.FindFirst(Subject)
            ?? principal.FindFirst(ClaimTypes.Upn)
            ?? principal.FindFirst((principal.Identity as ClaimsIdentity)?.NameClaimType ?? ClaimTypes.Name);
        return claim is null ? null : new SessionOwner(Storable(claim.Type), Storable(claim.Value), Storable(claim.Issuer));
    }

    /// <summary>A text that no store refuses, and that is another for every other claim.</summary>
    private static string Storable(string text) =>
        text.Length is > 0 and <= CorrelationText.MaxKeyLength && !text.Any(character => char.IsControl(character) || char.IsSurrogate(character))
            ? text
            : $"sha256:{CorrelatedSessionIds.Hash(text)}";
}
