using System.Text;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Replaces what looks like a credential by <c>[redacted]</c>, in the messages and in their metadata, and what named JSON paths point at.</summary>
/// <remarks>
/// <para>It goes by names — of members, headers, variables, parameters, options, whatever parts their words: <c>password</c>, <c>GITHUB_TOKEN</c>, <c>clientSecret</c>, <c>X-Api-Key</c>,
/// <c>Cookie</c> — and takes what stands below them, be it a text, a number, an array or an object, or, in a text, the value behind them. And it goes by what credentials look like: JSON Web Tokens,
/// private keys, the password in an address, what well-known issuers begin their tokens with. It looks into JSON inside texts. Everything else stays byte for byte.</para>
/// <para>This is best effort: it finds what looks like a credential, not what is one, and a password in the middle of a sentence stays. Name the paths of what must not be stored, or store nothing
/// but what you name with <see cref="AllowListRedactor"/>.</para>
/// <para>Its time grows as the payload does, whatever that holds. A payload above <see cref="MaxPayloadBytes"/> is replaced as a whole, and the frame's metadata says so as <c>recording.withheld</c>.</para>
/// </remarks>
public sealed class CredentialRedactor : IFrameRedactor
{
    private const int DefaultMaxPayloadBytes = 64 * 1024 * 1024;

    private readonly JsonPath[] _paths;

    /// <summary>Chooses what to take out besides credentials.</summary>
    /// <param name="paths">JSON paths whose values are replaced, whatever they are: <c>$.params.arguments.ssn</c>, <c>$.result.content[*].text</c>,
    /// <c>$..['date of birth']</c>. They may use names, indexes, <c>*</c> and <c>..</c>. A payload that is no JSON, or deeper than 64 levels, is replaced as a whole where there are any.</param>
    /// <exception cref="ArgumentException">A path is null or none of this kind.</exception>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc9535"/>
    public CredentialRedactor(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = [.. paths.Select(JsonPath.Parse)];
    }

    /// <summary>The greatest payload that is redacted; a larger one is not stored, and its frame says so.</summary>
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

    /// <summary>What stands where something was taken out.</summary>
    internal static string Replacement => "[redacted]";

    /// <summary>What stands where a payload was taken out.</summary>
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
            // What cannot be read may hold what was to be taken out, in a place that nobody can name.
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
