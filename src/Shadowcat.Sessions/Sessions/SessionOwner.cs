using System.Security.Claims;
using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>The principal a session belongs to: one claim, with who vouched for it. Two owners are equal when all three parts are, character by character.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public sealed record SessionOwner
{
    private const int MaxLength = 1024;

    /// <summary>Names a principal by a claim.</summary>
    /// <param name="claimType">The type of the claim, such as <c>sub</c>; 1 to 1024 characters.</param>
    /// <param name="value">The claim's value; 1 to 1024 characters.</param>
    /// <param name="issuer">Who vouched for the claim; 1 to 1024 characters. The same subject of another issuer is another owner.</param>
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

    /// <summary>Who vouched for the claim.</summary>
    public string Issuer { get; }

    /// <summary>Names a principal by the claim that identifies the user.</summary>
    /// <param name="principal">The principal of a request; null for none.</param>
    /// <returns>The owner; null where nobody was authenticated, or no authenticated identity has such a claim.</returns>
    /// <remarks>
    /// <para>The claim is <see cref="ClaimTypes.NameIdentifier"/>, else <c>sub</c>, else <see cref="ClaimTypes.Upn"/>, as the C# SDK of MCP tells users apart. A name is
    /// none of them: two users may have one. Who knows that his are unique names the claim himself: <see cref="From(ClaimsPrincipal, string)"/>.</para>
    /// <para>Of several identities the first that is authenticated and has such a claim says who it is; claims of identities that are not authenticated are what anybody
    /// could have written, and are not looked at.</para>
    /// <para><see cref="Claim.Issuer"/> is what tells the same subject of two providers apart. An authentication handler that leaves it at
    /// <see cref="ClaimsIdentity.DefaultIssuer"/> does not; with two such handlers, set their <c>ClaimsIssuer</c>.</para>
    /// <para>A part that no store takes (empty, above 1000 characters, with control characters) is stored as a hash of it, and still equals only itself.</para>
    /// </remarks>
    public static SessionOwner? From(ClaimsPrincipal? principal) => OwnerClaims.Find(principal, OwnerClaims.Identifying);

    /// <summary>Names a principal by a claim that the application knows to identify its users, such as <c>oid</c>.</summary>
    /// <param name="principal">The principal of a request; null for none.</param>
    /// <param name="claimType">The type of the claim. It must be one that no two users share and no user chooses.</param>
    /// <returns>The owner; null where nobody was authenticated, or no authenticated identity has the claim.</returns>
    /// <remarks>
    /// <para>Of several identities the first that is authenticated and has the claim says who it is; claims of identities that are not authenticated are what anybody
    /// could have written, and are not looked at. <see cref="Claim.Issuer"/> is part of the owner, and tells the same subject of two providers apart.</para>
    /// <para>A part that no store takes (empty, above 1000 characters, with control characters) is stored as a hash of it, and still equals only itself.</para>
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="claimType"/> is null or empty.</exception>
    public static SessionOwner? From(ClaimsPrincipal? principal, string claimType)
    {
        ArgumentException.ThrowIfNullOrEmpty(claimType);
        return OwnerClaims.Find(principal, [claimType]);
    }
}
