namespace Shadowcat.Sessions;

/// <summary>The form of an archive: lines of JSON, as described here.</summary>
/// <remarks>
/// <para>A session is one <c>meta</c> line, a line for each frame, and one <c>end</c> line. Sessions may follow one another, so archives can be put
/// together with <c>cat</c>. An archive of many sessions has an <c>archive</c> line before and an <c>archive_end</c> line behind them, so that it cannot lose
/// one unnoticed.</para>
/// <code>
/// {"type":"archive","v":2, …}
/// {"type":"meta","v":2,"session_id":"…","transport_type":"stdio","status":"completed","state":"closed","boundary":"handshake",
///  "created_at":"2026-03-04T05:06:07.089Z","first_seq":0,"ttl_ms":3600000,"max_lifetime_ms":…,"client_info":{…},"server_info":{…},
///  "version_state":{"requested":"…","negotiated":"…","transport_header":"…","attempts":[["requested","answered"],["refused"]]},
///  "tags":["…"],"attributes":{…},"transport_session_id":"…","correlation_key":"…","owner":["type","value","issuer"],"close_reason":"…", …}
/// {"session_id":"…","seq":0,"ts":"2026-03-04T05:06:07.0891234Z","direction":"c2s","transport_type":"stdio","kind":"request","method":"…","id":1,
///  "exchange_id":"…","protocol_version":"…","flags":["truncated","redacted","undelivered"],"metadata":{…},"raw":{…}, …}
/// {"type":"end","session_id":"…","frames":1,"complete":true, …}
/// {"type":"archive_end","sessions":1,"frames":1, …}
/// </code>
/// <para>The names and values are those of <see cref="SessionsJsonConverter"/>.</para>
/// <para><b>Canonical.</b> The same session gives the same bytes: members are in this order, absent ones are left out, attributes and metadata are sorted by key, and
/// text is escaped as RFC 8785 says: quotation mark, backslash and control characters, nothing else. Times are UTC, of a session in milliseconds, of a frame
/// in 100 ns.</para>
/// <para><b>raw.</b> A payload that is a JSON object or array, at most 63 levels deep and without a line break, stands there as it is, byte by byte. Any other text is a JSON string of it,
/// <c>"raw":"…"</c>. What is no UTF-8, or would grow by more than half, is <c>"raw_base64":"…"</c>. <c>client_info</c> and <c>server_info</c>
/// are an object or a string in the same way.</para>
/// <para><b>check.</b> Each line ends with <c>,"check":"0123456789abcdef"}</c>: the first 16 hexadecimal digits of the SHA-256 of the check of the
/// line before, if any, followed by all of this line that stands before <c>,"check"</c>. <c>archive</c> and <c>meta</c> lines have none before them. It shows damage,
/// not forgery.</para>
/// <para>A reader passes over members it does not know. A changed meaning takes a new <c>v</c>, and a reader refuses one it does not know.</para>
/// </remarks>
/// <seealso href="https://jsonlines.org/"/>
/// <seealso href="https://www.rfc-editor.org/rfc/rfc8785#section-3.2.2.2"/>
internal static class ArchiveFormat
{
    public const int Version = 2;

    /// <summary>The first version. It had no attributes, and other names for two members: <c>transport</c> and <c>versions</c>.</summary>
    public const int Version1 = 1;

    /// <summary>The greatest <see cref="SessionStoreOptions.MaxFrameBytes"/>.</summary>
    public const int MaxFrameBytes = 256 * 1024 * 1024;

    /// <summary>More than the most metadata there can be, with all that stands beside it.</summary>
    private const int MaxBesideBytes = 16 * 1024 * 1024;

    /// <summary>The longest line of a frame: of its payload grown by half, with all that stands beside it.</summary>
    public static long MaxLineBytes(int maxFrameBytes) => maxFrameBytes + (maxFrameBytes / 2L) + MaxBesideBytes;
}
