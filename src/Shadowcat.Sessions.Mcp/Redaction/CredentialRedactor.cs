using System.Text;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Replaces what looks like a credential with <c>[redacted]</c>, in messages and in their metadata, and the values at JSON paths of your choice.</summary>
/// <remarks>
/// <para>It recognizes the names of members, headers, variables, parameters and options, such as <c>password</c>, <c>GITHUB_TOKEN</c>, <c>clientSecret</c>, <c>X-Api-Key</c> and <c>Cookie</c>, and replaces their
/// values: strings, numbers, arrays, objects, or what follows the name within a text. It also recognizes the form of credentials: JSON Web Tokens, private keys, passwords in addresses, and the prefixes that
/// well-known issuers give their tokens. JSON inside of strings is searched too. Everything else stays the same, byte for byte.</para>
/// <para>This is best effort: it finds what looks like a credential, and a password in the middle of a sentence stays. Name the paths of what must not be stored, or keep only what you name with an
/// <see cref="AllowListRedactor"/>.</para>
/// <para>Its time is linear in the size of the payload. A payload above <see cref="MaxPayloadBytes"/> is replaced as a whole, and the metadata of the frame has <c>recording.withheld</c>.</para>
/// </remarks>
public sealed class CredentialRedactor : IFrameRedactor
{
    private const int DefaultMaxPayloadBytes = 64 * 1024 * 1024;

    private readonly JsonPath[] _paths;

    /// <summary>Creates a redactor that replaces credentials, and the values at some paths.</summary>
    /// <param name="paths">JSON paths whose values are replaced, whatever they are: <c>$.params.arguments.ssn</c>, <c>$.result.content[*].text</c>,
    /// <c>$..['date of birth']</c>. They may use names, indexes, <c>*</c> and <c>..</c>. Where there are paths, a payload that is not JSON or has more than 64 levels is replaced as a whole.</param>
    /// <exception cref="ArgumentException">A path is null or not supported.</exception>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc9535"/>
    public CredentialRedactor(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = [.. paths.Select(JsonPath.Parse)];
    }

    /// <summary>The greatest payload that is redacted. A larger one is not stored.</summary>
    /// <value>1 byte or more; 64 MiB by default.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0 or less.</exception>
    public int MaxPayloadBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
            field = value;
        }
    }
    = DefaultMaxPayloadBytes;

    /// <summary>The text that replaces a value.</summary>
    internal static string Replacement => "[redacted]";

    /// <summary>The payload that replaces a whole one.</summary>
    internal static byte[] ReplacementPayload() => "[redacted]"u8.ToArray();

    /// <inheritdoc/>
    public MessageEnvelope Redact(MessageEnvelope frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var metadata = CredentialMetadata.Redact(frame.Metadata);
        if (frame.Payload.Length > MaxPayloadBytes)
        {
            return WithheldPayload.Of(frame, metadata, WithheldPayload.TooLarge);
        }

        var payload = Redact(frame.Payload.Span);
        return ReferenceEquals(metadata, frame.Metadata) && payload is null
            ? frame
            : frame with { Metadata = metadata, Payload = payload ?? frame.Payload, Flags = frame.Flags | MessageFlags.Redacted };
    }

    /// <summary>The payload without credentials; null where it has none.</summary>
    private byte[]? Redact(ReadOnlySpan<byte> payload)
    {
        var edits = new JsonEdits();
        var mark = payload.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        var json = payload[mark..];
        var redaction = new JsonRedaction(json, _paths, edits);
        var isJson = redaction.TryRead();
        if (_paths.Length > 0 && (!isJson || redaction.Values != 1))
        {
            // What cannot be parsed may hold a value at one of the paths.
            return ReplacementPayload();
        }

        if (!isJson)
        {
            RedactText(json, redaction.Position, edits);
        }

        return edits.Apply(json) is not { } redacted ? null
            : mark == 0 ? redacted
            : [.. payload[..mark], .. redacted];
    }

    /// <summary>Redacts what is no JSON, from a place on.</summary>
    private static void RedactText(ReadOnlySpan<byte> payload, int from, JsonEdits edits)
    {
        // Latin-1 gives every byte its own character and back.
        if (CredentialText.Redact(Encoding.Latin1.GetString(payload[from..])) is { } redacted)
        {
            edits.Replace(from, payload.Length, Encoding.Latin1.GetBytes(redacted));
        }
    }
}
