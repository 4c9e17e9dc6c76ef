using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>Keeps undefined enum values out of the model.</summary>
internal static class Defined
{
    public static TEnum Or<TEnum>(TEnum value, string what, [CallerArgumentExpression(nameof(value))] string parameter = "")
        where TEnum : struct, Enum =>
        Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(parameter, value, $"Not a {what}.");
}
