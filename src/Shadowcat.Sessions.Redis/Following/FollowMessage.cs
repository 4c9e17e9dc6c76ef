using System.Buffers.Text;
using System.Globalization;
using System.Text;
using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>The message that notifies followers of a session: <c>1 end id</c>. End is the sequence behind its newest frame, or 0 where something else changed.</summary>
internal static class FollowMessage
{
    /// <summary>Notifies the followers of a session. Nobody waits for the message to arrive: a follower that does not receive it looks a little later by itself.</summary>
    /// <seealso href="https://redis.io/docs/latest/commands/publish/"/>
    public static async ValueTask PublishAsync(RedisBackend backend, RedisPartition partition, SessionId id, long end)
    {
        try
        {
            var target = await backend.GetTargetAsync(partition).ConfigureAwait(false);

            // As the scripts publish: PublishAsync would put the channel prefix of the connection in front.
            _ = target.Database.ExecuteAsync("PUBLISH", [partition.Followed, string.Create(CultureInfo.InvariantCulture, $"1 {end} {id}")], CommandFlags.FireAndForget);
        }
        catch (Exception exception) when (RedisFaults.IsFault(exception))
        {
            // The frames are stored. Their callers need not know that the connection broke afterwards.
        }
    }

    /// <summary>Reads a message; false where it has another format.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out SessionId id, out long end)
    {
        (id, end) = (default, 0);
        if (!message.StartsWith("1 "u8))
        {
            return false;
        }

        message = message[2..];
        return Utf8Parser.TryParse(message, out end, out var digits)
            && end >= 0
            && digits < message.Length
            && message[digits] == ' '
            && SessionId.TryParse(Encoding.UTF8.GetString(message[(digits + 1)..]), CultureInfo.InvariantCulture, out id);
    }
}
