using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>What the values of an enum are called in the page, its searches and its addresses.</summary>
/// <typeparam name="TEnum">The enum.</typeparam>
internal static class Words<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<TEnum, string> ByValue = Enum.GetValues<TEnum>().ToDictionary(static value => value, Word);

    /// <summary>All of them, in the order of the values.</summary>
    public static IReadOnlyCollection<string> All { get; } = [.. Enum.GetValues<TEnum>().Select(Of)];

    public static string Of(TEnum value) => ByValue.TryGetValue(value, out var word) ? word : $"{value}";

    public static bool TryParse(string word, out TEnum value)
    {
        foreach (var (known, name) in ByValue)
        {
            if (name.Equals(word, StringComparison.OrdinalIgnoreCase))
            {
                value = known;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>As it is stored: a WebSocket is one word.</summary>
    private static string Word(TEnum value) => value is TransportType.WebSocket ? "websocket" : JsonNamingPolicy.KebabCaseLower.ConvertName($"{value}");
}
