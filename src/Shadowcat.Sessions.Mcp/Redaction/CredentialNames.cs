using System.Collections.Frozen;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Decides by the name of a member, a header, a variable or a parameter whether its value is a credential.</summary>
/// <remarks>A name is read in words, as <c>_</c>, <c>-</c>, blanks and capitals part them, and its longest known ending decides: <c>DB_PASSWORD</c> is a password, <c>nextPageToken</c> is none.</remarks>
internal static class CredentialNames
{
    /// <summary>The greatest length of a name that is looked at; of a longer one in a text its end is.</summary>
    public const int MaxLength = 64;

    private static readonly FrozenDictionary<string, CredentialKind> Endings = Table(
        (CredentialKind.None,
            "progresstoken pagetoken nexttoken continuationtoken continuetoken synctoken cursortoken cancellationtoken requesttoken starttoken endtoken stoptoken eostoken bostoken "
            + "padtoken unktoken septoken clstoken masktoken specialtoken firsttoken lasttoken prevtoken previoustoken pertoken resumetoken changetoken idempotencytoken skiptoken "
            + "deltatoken prompttoken completiontoken inputtoken outputtoken unexpectedtoken forgotpassword forgotpasswd"),
        (CredentialKind.Possible, "token pwd pass bearer credential credentials creds secrets passwords assertion pat sshkey basicauth csrf xsrf"),
        (CredentialKind.Code, "pin otp totp passcode cvv cvc mfacode"),
        (CredentialKind.Certain,
            "password passwd passphrase passwordhash passwordconfirmation passwordconfirm secret secretvalue secretstring secretbinary tokenvalue passwordvalue "
            + "apikey apikeys apisecret apitoken appsecret clientsecret clientassertion samlresponse samlassertion "
            + "accesskey accesskeys secretkey secretkeys secretaccesskey privatekey privatekeys signingkey encryptionkey decryptionkey accountkey sharedkey sharedaccesskey masterkey authkey "
            + "subscriptionkey functionskey sessionkey hmackey storagekey licensekey accesstoken authtoken bearertoken idtoken refreshtoken sessiontoken accesstokens refreshtokens "
            + "jwt jwts mcpsessionid recoverycode recoverycodes backupcodes seedphrase recoveryphrase"),
        (CredentialKind.Header, "authorization proxyauthorization cookie cookie2 setcookie setcookie2"));

    /// <summary>Endings that count also within a word: <c>dbpassword</c>.</summary>
    private static readonly string[] Joined =
        ["password", "passwd", "apikey", "accesstoken", "authtoken", "refreshtoken", "secretkey", "privatekey", "accesskey", "clientsecret", "passphrase"];

    /// <summary>Names that count only for parameters in addresses.</summary>
    private static readonly FrozenDictionary<string, CredentialKind> Parameters = Table(
        (CredentialKind.Certain, "sig signature xamzsignature xamzcredential xgoogsignature xgoogcredential"),
        (CredentialKind.Possible, "key code auth"));

    private static readonly FrozenDictionary<string, CredentialKind>.AlternateLookup<ReadOnlySpan<char>> EndingsBySpan = Endings.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenDictionary<string, CredentialKind>.AlternateLookup<ReadOnlySpan<char>> ParametersBySpan = Parameters.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>All endings that stand for a credential.</summary>
    public static IEnumerable<string> Known => [.. Endings.Where(ending => ending.Value != CredentialKind.None).Select(ending => ending.Key), .. Joined, .. Parameters.Keys];

    /// <summary>The kind of credential that a name stands for.</summary>
    public static CredentialKind Of(ReadOnlySpan<char> name)
    {
        // Something may stand before the name: http.request.header.authorization, spring.datasource.password.
        name = name[(name.LastIndexOfAny('.', ':', '/') + 1)..];
        if (name.Length is < 3 or > MaxLength || !NameEndings.MayMatter(name))
        {
            return CredentialKind.None;
        }

        Span<char> buffer = stackalloc char[MaxLength];
        Span<byte> starts = stackalloc byte[MaxLength];
        var length = Join(name, buffer, starts, out var words);
        var joined = buffer[..length].TrimEnd("0123456789");
        if (joined.Length == 0)
        {
            return CredentialKind.None;
        }

        // The longest ending first.
        for (var word = 0; word < words; word++)
        {
            if (starts[word] < joined.Length && EndingsBySpan.TryGetValue(joined[starts[word]..], out var kind))
            {
                return InContext(kind, joined[starts[word]..], isWhole: word == 0, name);
            }
        }

        return EndsJoined(joined) ? CredentialKind.Certain : CredentialKind.None;
    }

    /// <summary>The kind of credential that two or three words with blanks between them stand for: <c>API key</c>, but not <c>the token</c>.</summary>
    public static CredentialKind OfPhrase(ReadOnlySpan<char> words)
    {
        Span<char> buffer = stackalloc char[MaxLength];
        Span<byte> starts = stackalloc byte[MaxLength];
        return words.Length <= MaxLength && EndingsBySpan.TryGetValue(buffer[..Join(words, buffer, starts, out _)], out var kind) ? kind : CredentialKind.None;
    }

    /// <summary>The kind of credential that the name of a parameter in an address stands for.</summary>
    public static CredentialKind OfParameter(ReadOnlySpan<char> name)
    {
        Span<char> buffer = stackalloc char[MaxLength];
        Span<byte> starts = stackalloc byte[MaxLength];
        return name.Length <= MaxLength && ParametersBySpan.TryGetValue(buffer[..Join(name, buffer, starts, out _)], out var kind) ? kind : Of(name);
    }

    private static CredentialKind InContext(CredentialKind kind, ReadOnlySpan<char> ending, bool isWhole, ReadOnlySpan<char> name) => (kind, isWhole) switch
    {
        // A token of something is a credential; a token may be a word.
        (CredentialKind.Possible, false) when ending is "token" => CredentialKind.Certain,
        (CredentialKind.Possible, true) when ending is "pat" => CredentialKind.None,

        // "Cookie" in prose is no credential.
        (CredentialKind.Header, false) when ending is "cookie" && !name.StartsWith("session", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("auth", StringComparison.OrdinalIgnoreCase)
            => CredentialKind.None,
        _ => kind,
    };

    private static bool EndsJoined(ReadOnlySpan<char> joined)
    {
        if (joined[^1] is not ('d' or 'y' or 'n' or 't' or 'e'))
        {
            return false;
        }

        foreach (var ending in Joined)
        {
            if (joined.EndsWith(ending, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Writes a name in lower case without what parts its words, and where they begin.</summary>
    private static int Join(ReadOnlySpan<char> name, Span<char> buffer, Span<byte> starts, out int words)
    {
        var length = 0;
        var isStart = true;
        words = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var character = name[i];
            if (!char.IsLetterOrDigit(character))
            {
                isStart = true;
                continue;
            }

            // apiKey, APIKey.
            var isUpper = char.IsUpper(character);
            isStart |= isUpper && i > 0 && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (isStart)
            {
                starts[words++] = (byte)length;
                isStart = false;
            }

            buffer[length++] = char.ToLowerInvariant(character);
        }

        return length;
    }

    private static FrozenDictionary<string, CredentialKind> Table(params (CredentialKind Kind, string Names)[] rows) =>
        rows.SelectMany(row => row.Names.Split(' ').Select(name => KeyValuePair.Create(name, row.Kind))).ToFrozenDictionary(StringComparer.Ordinal);
}
