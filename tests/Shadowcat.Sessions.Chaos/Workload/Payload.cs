using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.Chaos.Workload;

/// <summary>The payloads of the workload: each says whose it is, and all of it follows from that.</summary>
internal static class Payload
{
    private const string Head = """{"jsonrpc":"2.0","method":"w""";

    /// <summary>The payload of one frame of one writer: mostly small, now and then of some kilobytes.</summary>
    public static byte[] Of(int writer, int number)
    {
        var size = number % 100 == 0 ? 4000 : number % 7 * 20;
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $$$"""{{{Head}}}{{{writer}}}/{{{number}}}","params":{"text":"{{{new string((char)('a' + (number % 26)), size)}}}"}}"""));
    }

    /// <summary>Reads whose a payload is, and whether it is all there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out int writer, out int number)
    {
        (writer, number) = (0, 0);
        var name = Encoding.ASCII.GetString(payload[..Math.Min(payload.Length, Head.Length + 24)]);
        var end = name.Length > Head.Length ? name.IndexOf('"', Head.Length) : -1;
        return end > 0
            && name.StartsWith(Head, StringComparison.Ordinal)
            && name[Head.Length..end].Split('/') is [var first, var second]
            && int.TryParse(first, CultureInfo.InvariantCulture, out writer)
            && int.TryParse(second, CultureInfo.InvariantCulture, out number)
            && payload.SequenceEqual(Of(writer, number));
    }
}
