using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Shadowcat.Sessions.Recorder.Exporting.Otlp;

/// <summary>The ids of a session's spans: the same at every export, so that one that is repeated adds nothing.</summary>
internal sealed class TraceIds(SessionId session)
{
    private const int TraceIdDigits = 32;
    private const int SpanIdBytes = 8;

    /// <summary>The trace: the id of the session where it is one, as those are that the recorder makes; else its hash.</summary>
    public string TraceId { get; } = IsTraceId(session.Value) ? session.Value : Hash($"trace {session.Value}")[..TraceIdDigits];

    /// <summary>The span of the session itself.</summary>
    public string Root { get; } = SpanId(session, "session");

    /// <summary>The span of a message.</summary>
    public string Of(MessageEnvelope message) => SpanId(session, message.Sequence.ToString(CultureInfo.InvariantCulture));

    private static bool IsTraceId(string text) =>
        text.Length == TraceIdDigits && text.All(static digit => char.IsAsciiDigit(digit) || digit is >= 'a' and <= 'f') && text.Any(static digit => digit != '0');

    private static string SpanId(SessionId session, string of) => Hash($"span {of} of {session.Value}")[..(SpanIdBytes * 2)];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
