using System.Text;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Replaces credentials by <c>[redacted]</c>: authorization headers and cookies in the metadata, tokens and passwords in the messages, and what named JSON paths point at.</summary>
/// <remarks>
/// <para>In the metadata it replaces the values of headers such as <c>Authorization</c>, <c>Cookie</c> and <c>X-Api-Key</c>. In the JSON of a message, the texts and numbers of members
/// whose name is that of a credential — <c>access_token</c>, <c>refreshToken</c>, <c>client-secret</c>, <c>password</c>, <c>api_key</c> and the like, whatever their case — and, inside of any text,
/// what follows <c>Authorization:</c> or <c>Bearer</c>, and JSON Web Tokens. Everything else stays byte for byte.</para>
/// <para>It finds what looks like a credential, not what is one: a password in the middle of a sentence stays. Name the paths of what must not be stored.</para>
/// </remarks>
public sealed class CredentialRedactor : IFrameRedactor
{
    private readonly JsonPath[] _paths;

    /// <summary>Chooses what to take out besides credentials.</summary>
    /// <param name="paths">JSON paths whose values are replaced, whatever they are: <c>$.params.arguments.ssn</c>, <c>$.result.content[*].text</c>,
    /// <c>$..['date of birth']</c>. They may use names, indexes, <c>*</c> and <c>..</c>. A payload that is no JSON is replaced as a whole where there are any.</param>
    /// <exception cref="ArgumentException">A path is null or none of this kind.</exception>
    /// <seealso href="https://www.rfc-editor.org/rfc/rfc9535"/>
    public CredentialRedactor(params IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        _paths = [.. paths.Select(JsonPath.Parse)];
    }

    /// <summary>What stands where something was taken out.</summary>
    internal static string Replacement => "[redacted]";

    /// <inheritdoc/>
    public MessageEnvelope Redact(MessageEnvelope frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var metadata = Credentials.Redact(frame.Metadata);
        var payload = Redact(frame.Payload);
        return ReferenceEquals(metadata, frame.Metadata) && payload is null
            ? frame
            : frame with { Metadata = metadata, Payload = payload ?? frame.Payload, Flags = frame.Flags | MessageFlags.Redacted };
    }

    /// <summary>The payload without credentials; null where it has none.</summary>
    private byte[]? Redact(ReadOnlyMemory<byte> payload)
    {
        var edits = new JsonEdits();
        if (new JsonRedaction(_paths, edits).TryRead(payload.Span))
        {
            return edits.Apply(payload.Span);
        }

        if (_paths.Length > 0)
        {
            // What cannot be read may hold what was to be taken out, in a place that nobody can name.
            return Encoding.UTF8.GetBytes(Replacement);
        }

        // Latin-1 gives every byte its own character and back.
        var text = Encoding.Latin1.GetString(payload.Span);
        var redacted = Credentials.Redact(text);
        return ReferenceEquals(text, redacted) ? null : Encoding.Latin1.GetBytes(redacted);
    }
}
