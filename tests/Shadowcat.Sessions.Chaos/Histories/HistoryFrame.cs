using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>The payloads of the frames of a history: each has its number.</summary>
internal static class HistoryFrame
{
    private const string Head = """{"jsonrpc":"2.0","method":"frame/""";

    public static byte[] Of(int number) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{{Head}}{{number}}"}"""));

    /// <summary>The number of a frame; -1 for a payload that nobody wrote, which no order explains.</summary>
    public static int NumberOf(ReadOnlySpan<byte> payload)
    {
        var text = Encoding.ASCII.GetString(payload);
        return text.StartsWith(Head, StringComparison.Ordinal) && int.TryParse(text[Head.Length..^2], CultureInfo.InvariantCulture, out var number) ? number : -1;
    }
}
