using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>What describes a stored session, with one member of it replaced.</summary>
internal static class DamagedPart
{
    /// <summary>Replaces a member.</summary>
    /// <param name="stored">What is stored.</param>
    /// <param name="member">The name of the member.</param>
    /// <param name="value">What stands there instead, JSON or not; null takes the member away.</param>
    public static byte[] Of(byte[] stored, string member, string? value)
    {
        using var json = JsonDocument.Parse(stored);
        var members = json.RootElement.EnumerateObject().Where(other => other.Name != member).Select(other => $"\"{other.Name}\":{other.Value.GetRawText()}").ToList();
        if (value is not null)
        {
            members.Add($"\"{member}\":{value}");
        }

        return Encoding.UTF8.GetBytes($"{{{string.Join(',', members)}}}");
    }
}
