using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>What the values of an enum are called in an archive.</summary>
/// <param name="names">The names, in the order of the values from 0.</param>
internal sealed class WireNames<TEnum>(params string[] names)
    where TEnum : struct, Enum
{
    public string this[TEnum value] => names[Unsafe.BitCast<TEnum, int>(value)];

    /// <exception cref="FormatException">No value is called that.</exception>
    public TEnum Parse(string name) => Array.IndexOf(names, name) is var value and >= 0
        ? Unsafe.BitCast<int, TEnum>(value)
        : throw new FormatException($"'{name}' is no {typeof(TEnum).Name}.");
}
