using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>What the values of an enum are called in JSON.</summary>
/// <param name="names">The names, in the order of the values from 0.</param>
internal sealed class WireNames<TEnum>(params string[] names)
    where TEnum : struct, Enum
{
    private readonly byte[][] _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];

    public string this[TEnum value] => names[Unsafe.BitCast<TEnum, int>(value)];

    /// <exception cref="FormatException">No value is called that.</exception>
    public TEnum Parse(string name) => Array.IndexOf(names, name) is var value and >= 0 ? Unsafe.BitCast<int, TEnum>(value) : throw Unknown();

    /// <summary>Reads the name that a reader stands on.</summary>
    /// <exception cref="FormatException">No value is called that, or it is no string.</exception>
    public TEnum Read(ref Utf8JsonReader reader)
    {
        for (var value = 0; reader.TokenType == JsonTokenType.String && value < _utf8.Length; value++)
        {
            if (reader.ValueTextEquals(_utf8[value]))
            {
                return Unsafe.BitCast<int, TEnum>(value);
            }
        }

        throw Unknown();
    }

    private FormatException Unknown() => new($"A {typeof(TEnum).Name} is one of: {string.Join(", ", names)}.");
}
