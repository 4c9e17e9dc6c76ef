namespace Shadowcat.Sessions;

/// <summary>The rule for every short text the model stores: bounded, and the same after it went through UTF-8.</summary>
internal static class StoredText
{
    /// <summary>Refuses a text that is null, out of bounds, or would not survive being stored.</summary>
    public static void Check(string value, int minLength, int maxLength, string what, string parameter)
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        if (value.Length < minLength)
        {
            throw new ArgumentException($"{what} must not be empty.", parameter);
        }

        if (value.Length > maxLength)
        {
            throw new ArgumentException($"{what} has at most {maxLength} characters; this one has {value.Length}.", parameter);
        }

        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (char.IsControl(c) || char.IsSurrogate(c))
            {
                throw new ArgumentException(
                    $"{what} has no control characters and no unpaired surrogates; the character at position {i} is U+{(int)c:X4}.", parameter);
            }
        }
    }

    /// <summary>As <see cref="Check"/>, where null means absent.</summary>
    public static string? CheckOptional(string? value, int maxLength, string what, string parameter)
    {
        if (value is not null)
        {
            Check(value, minLength: 1, maxLength, what, parameter);
        }

        return value;
    }
}
