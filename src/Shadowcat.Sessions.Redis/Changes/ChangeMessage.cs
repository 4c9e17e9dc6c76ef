using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions.Redis;

/// <summary>The message that scripts publish when they create, update or delete a session: <c>1 generation version id</c>. Version 0 means that the session is gone.</summary>
internal static class ChangeMessage
{
    private const int GenerationDigits = 32;

    /// <summary>Reads a message; false where it has another format.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out SessionChange change)
    {
        change = default;
        if (!message.StartsWith("1 "u8))
        {
            return false;
        }

        message = message[2..];
        var digits = message.IndexOf((byte)' ');
        var version = message[(digits + 1)..];
        var end = version.IndexOf((byte)' ');
        if (digits < 0 || end < 0
            || !Utf8Parser.TryParse(version[..end], out long number, out var read) || read != end || number < 0
            || !SessionId.TryParse(Encoding.UTF8.GetString(version[(end + 1)..]), CultureInfo.InvariantCulture, out var id))
        {
            return false;
        }

        // A session without a readable generation is damaged, and can only be deleted.
        var generation = default(Guid);
        _ = digits == GenerationDigits && Utf8Parser.TryParse(message[..digits], out generation, out _, 'N');
        change = new SessionChange(id, generation, number);
        return true;
    }
}
