namespace Shadowcat.Sessions.Mcp;

/// <summary>What kind of credential a value is, by its name.</summary>
internal enum CredentialKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It may be a credential, or a word: <c>token</c>, <c>pwd</c>, <c>credentials</c>. The value decides.</summary>
    Possible,

    /// <summary>It may be a short code of digits: <c>pin</c>, <c>otp</c>. The value decides.</summary>
    Code,

    /// <summary>It is a credential: <c>password</c>, <c>GITHUB_TOKEN</c>, <c>client_secret</c>.</summary>
    Certain,

    /// <summary>It is a header that holds a credential, behind a scheme or among others: <c>Authorization</c>, <c>Cookie</c>.</summary>
    Header,
}
