using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;

namespace Shadowcat.Sessions;

/// <summary>Finds the claim that says who a principal is.</summary>
internal static class OwnerClaims
{
    /// <summary>Some room below what <see cref="SessionOwner"/> takes.</summary>
    private const int MaxLength = 1000;

    private const int HashBytes = 16;
    private const string Hashed = "sha256:";

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
                    return new SessionOwner(Storable(claim.Type), Storable(claim.Value), Storable(claim.Issuer));
                }
            }
        }

        return null;
    }

    /// <summary>A text that no store refuses, and that is another for every other text; so one that looks like a hash is hashed too.</summary>
    private static string Storable(string text) =>
        text.Length is > 0 and <= MaxLength && !text.StartsWith(Hashed, StringComparison.Ordinal) && !text.Any(character => char.IsControl(character) || char.IsSurrogate(character))
            ? text
            : Hashed + Hash(text);

    /// <summary>Of UTF-16, for UTF-8 would make all unpaired surrogates one.</summary>
    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan())).AsSpan(0, HashBytes));
}
