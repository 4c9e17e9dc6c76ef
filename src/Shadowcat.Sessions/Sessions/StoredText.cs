namespace Shadowcat.Sessions;

/// <summary>The rule for every text the model stores: bounded, and the same after it went through UTF-8.</summary>
internal static class StoredText
{
    /// <summary>Refuses a text that is null, out of bounds, has control characters, or would not survive UTF-8.</summary>
    public static void Check(string value, int minLength, int maxLength, string what, string parameter)
    {
        CheckEncodable(value, maxLength, what, parameter);
        if (value.Length < minLength)
        {
            throw new ArgumentException($"{what} must not be empty.", parameter);
        }

        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsControl(value[i]))
            {
                throw new ArgumentException($"{what} has no control characters; the character at position {i} is U+{(int)value[i]:X4}.", parameter);
            }
        }
    }

    /// <summary>Refuses a text that is empty, too long, has control characters, or would not survive UTF-8. Null means absent.</summary>
    public static string? CheckOptional(string? value, int maxLength, string what, string parameter)
    {
        if (value is not null)
        {
            Check(value, minLength: 1, maxLength, what, parameter);
        }

        return value;
    }

    /// <summary>Refuses a text that is null, too long, or would not survive UTF-8.</summary>
    public static void CheckEncodable(string value, int maxLength, string what, string parameter)
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        if (value.Length > maxLength)
        {
            throw new ArgumentException($"{what} has at most {maxLength} characters; this one has {value.Length}.", parameter);
        }

        for (var i = value.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(value[i]))
            {
                throw new ArgumentException($"{what} has no unpaired surrogates; the character at position {i} is U+{(int)value[i]:X4}.", parameter);
            }
        }
    }
}
