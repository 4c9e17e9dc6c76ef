namespace Shadowcat.Sessions;

/// <summary>The principal a session belongs to: one claim, with who vouched for it. Two owners are equal when all three parts are.</summary>
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
}
