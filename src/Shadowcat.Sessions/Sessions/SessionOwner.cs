using System.Security.Claims;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>The principal a session belongs to: one claim, and its issuer. Two owners are equal when all three parts are, character by character.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public sealed record SessionOwner
{
    private const int MaxLength = 1024;

    /// <summary>Names a principal by a claim.</summary>
    /// <param name="claimType">The type of the claim, such as <c>sub</c>; 1 to 1024 characters.</param>
    /// <param name="value">The claim's value; 1 to 1024 characters.</param>
    /// <param name="issuer">The issuer of the claim; 1 to 1024 characters. The same subject of another issuer is another owner.</param>
    /// <exception cref="ArgumentException">A part is null, empty, too long or holds a control character.</exception>
    public SessionOwner(string claimType, string value, string issuer)
    {
        StoredText.Check(claimType, minLength: 1, MaxLength, "A claim type", nameof(claimType));
        StoredText.Check(value, minLength: 1, MaxLength, "A claim value", nameof(value));
        StoredText.Check(issuer, minLength: 1, MaxLength, "A claim issuer", nameof(issuer));
        ClaimType = claimType;
        Value = value;
        Issuer = issuer;
    }

    /// <summary>The type of the claim.</summary>
    public string ClaimType { get; }

    /// <summary>The value of the claim.</summary>
    public string Value { get; }

    /// <summary>The issuer of the claim.</summary>
    public string Issuer { get; }

    /// <summary>Names a principal by the claim that identifies the user.</summary>
    /// <param name="principal">The principal of a request; null for none.</param>
    /// <returns>The owner; null where nobody was authenticated, or no authenticated identity has such a claim.</returns>
    /// <remarks>
    /// <para>The claim is <see cref="ClaimTypes.NameIdentifier"/>, else <c>sub</c>, else <see cref="ClaimTypes.Upn"/>, as the C# SDK of MCP identifies users. A name is
    /// none of them: two users may have the same. An application whose names are unique can name that claim: <see cref="From(ClaimsPrincipal, string)"/>.</para>
    /// <para>The first identity that is authenticated and has such a claim counts. Claims of identities that are not authenticated are ignored: anybody
    /// could have written them.</para>
    /// <para><see cref="Claim.Issuer"/> distinguishes the same subject of two providers, unless both authentication handlers leave it at
    /// <see cref="ClaimsIdentity.DefaultIssuer"/>: then set their <c>ClaimsIssuer</c>.</para>
    /// <para>A part that no store accepts (empty, longer than 1000 characters, or with control characters) is replaced by its hash, which no other part equals.</para>
    /// </remarks>
    public static SessionOwner? From(ClaimsPrincipal? principal) => OwnerClaims.Find(principal, OwnerClaims.Identifying);

    /// <summary>Names a principal by a claim that the application knows to identify its users, such as <c>oid</c>.</summary>
    /// <param name="principal">The principal of a request; null for none.</param>
    /// <param name="claimType">The type of the claim. It must be one that no two users share and no user chooses.</param>
    /// <returns>The owner; null where nobody was authenticated, or no authenticated identity has the claim.</returns>
    /// <remarks>
    /// <para>The first identity that is authenticated and has the claim counts. Claims of identities that are not authenticated are ignored: anybody
    /// could have written them. <see cref="Claim.Issuer"/> is part of the owner, and distinguishes the same subject of two providers.</para>
    /// <para>A part that no store accepts (empty, longer than 1000 characters, or with control characters) is replaced by its hash, which no other part equals.</para>
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="claimType"/> is null or empty.</exception>
    public static SessionOwner? From(ClaimsPrincipal? principal, string claimType)
    {
        ArgumentException.ThrowIfNullOrEmpty(claimType);
        return OwnerClaims.Find(principal, [claimType]);
    }
}
