using Microsoft.Extensions.Configuration;

namespace Shadowcat.Sessions;

/// <summary>Finds keys in the section of a store that nothing binds, such as misspelt ones: whoever wrote them takes them for settings.</summary>
internal static class SectionKeys
{
    /// <summary>Says what is wrong with each such key, and never what its value is.</summary>
    /// <param name="section">The section of the store.</param>
    /// <param name="bound">Its parts that options are bound from.</param>
    public static IEnumerable<string> Unbound(IConfiguration section, IReadOnlyList<BoundSection> bound)
    {
        var keys = new ObservedKeys();
        var unreadable = new List<string>();
        foreach (var part in bound)
        {
            try
            {
                part.Bind(new ObservedSection(BoundSection.In(section, part.Name), part.Name, keys));
            }
#pragma warning disable CA1031 // Whatever cannot be bound, the options that it is for say so themselves when they are made.
            catch (Exception)
#pragma warning restore CA1031
            {
                unreadable.Add(part.Name);
            }
        }

        string[] parts = [.. bound.Select(static part => part.Name).Where(static name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase)];
        return Settings(section, path: "")
            .Where(setting => !keys.IsRead(setting.Path) && !IsEmptyPart(setting, parts) && !unreadable.Any(part => IsWithin(setting.Path, part)))
            .Select(setting => Failure(section, setting.Path, parts, keys));
    }

    /// <summary>Every key that has a value, and every one that has nothing in it.</summary>
    private static IEnumerable<(string Path, string? Value)> Settings(IConfiguration section, string path)
    {
        foreach (var child in section.GetChildren())
        {
            var key = path.Length == 0 ? child.Key : ConfigurationPath.Combine(path, child.Key);
            if (!string.IsNullOrEmpty(child.Value) || !child.GetChildren().Any())
            {
                yield return (key, child.Value);
            }

            foreach (var setting in Settings(child, key))
            {
                yield return setting;
            }
        }
    }

    /// <summary>A part of which nothing is said.</summary>
    private static bool IsEmptyPart((string Path, string? Value) setting, string[] parts) =>
        string.IsNullOrEmpty(setting.Value) && parts.Contains(setting.Path, StringComparer.OrdinalIgnoreCase);

    private static bool IsWithin(string path, string part) => part.Length == 0 || path.StartsWith(part + ConfigurationPath.KeyDelimiter, StringComparison.OrdinalIgnoreCase);

    private static string Failure(IConfiguration section, string key, string[] parts, ObservedKeys keys)
    {
        var root = (section as IConfigurationSection)?.Path is { Length: > 0 } path ? path + ConfigurationPath.KeyDelimiter : "";
        var part = key.Split(ConfigurationPath.KeyDelimiter)[0];
        if (part.Length < key.Length && !parts.Contains(part, StringComparer.OrdinalIgnoreCase) && !keys.IsKnown(part))
        {
            var advice = Nearest(part, parts) is { } meant
                ? $"Did you mean {root}{meant}?"
                : "Make the call that it is for, such as UseRedis for Redis or WithCaching for Caching, or remove it.";
            return $"{root}{key} configures nothing: no call binds the section '{part}' of this store. {advice}";
        }

        var nearest = Nearest(key, keys.Known) ?? (ConfigurationPath.GetParentPath(key) is { } list && !keys.IsKnown(list) ? Nearest(list, keys.Known) : null);
        return $"{root}{key} configures nothing: {(nearest is null ? "no option of this name takes such a value. Remove it." : $"there is no such option. Did you mean {root}{nearest}?")}";
    }

    /// <summary>The key that is spelt most alike; of those the one in the same section. Null where none is.</summary>
    private static string? Nearest(string key, IEnumerable<string> known)
    {
        var (name, parent) = (ConfigurationPath.GetSectionKey(key), ConfigurationPath.GetParentPath(key));
        return known
            .Where(candidate => !candidate.Equals(key, StringComparison.OrdinalIgnoreCase))
            .Select(candidate => (Key: candidate, Distance: Distance(name, ConfigurationPath.GetSectionKey(candidate))))
            .Where(candidate => candidate.Distance <= Math.Max(1, name.Length / 3))
            .OrderBy(static candidate => candidate.Distance)
            .ThenBy(candidate => !string.Equals(ConfigurationPath.GetParentPath(candidate.Key), parent, StringComparison.OrdinalIgnoreCase))
            .ThenBy(static candidate => candidate.Key, StringComparer.Ordinal)
            .Select(static candidate => candidate.Key)
            .FirstOrDefault();
    }

    /// <summary>How many letters have to be changed, put in or left out to make the one of the other, whatever their case.</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 0; i < one.Length; i++)
        {
            var (diagonal, left) = (row[0], i + 1);
            row[0] = left;
            for (var j = 0; j < other.Length; j++)
            {
                var change = diagonal + (char.ToUpperInvariant(one[i]) == char.ToUpperInvariant(other[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = left = Math.Min(change, Math.Min(diagonal, left) + 1);
            }
        }

        return row[^1];
    }
}
