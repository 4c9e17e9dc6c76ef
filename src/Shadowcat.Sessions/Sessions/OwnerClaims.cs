using System.Security.Claims;

namespace Shadowcat.Sessions;

/// <summary>Finds the claim that says who a principal is.</summary>
internal static class OwnerClaims
{
    /// <summary>The claims that identify a user, the best first.</summary>
    public static string[] Identifying { get; } = [ClaimTypes.NameIdentifier, "sub", ClaimTypes.Upn];

    public static SessionOwner? Find(ClaimsPrincipal? principal, ReadOnlySpan<string> claimTypes)
    {
        foreach (var identity in principal?.Identities ?? [])
        {
            if (!identity.IsAuthenticated)
            {
                continue;
            }

            foreach (var claimType in claimTypes)
            {
                if (identity.FindFirst(claimType) is { } claim)
                {
                    return new SessionOwner(StorableText.Of(claim.Type), StorableText.Of(claim.Value), StorableText.Of(claim.Issuer));
                }
            }
        }

        return null;
    }
}
