using System.Globalization;

namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>What somebody sees who reads the session and its frames between two steps, as text: two stores are in the same state where they look the same.</summary>
/// <param name="Text">All that is seen.</param>
/// <param name="Session">The session; null where there is none.</param>
internal sealed record SessionView(string Text, Session? Session)
{
    /// <summary>What is seen where there is no session.</summary>
    public const string None = "no session";

    /// <summary>More frames than a schedule has.</summary>
    private const int Many = 100;

    /// <summary>Looks.</summary>
    public static async Task<SessionView> ReadAsync(ISessionStore store, SessionId id)
    {
        try
        {
            return await store.GetSessionAsync(id) is { } session ? new SessionView($"{Words(session)} [{await FramesAsync(store, id)}]", session) : new SessionView(None, null);
        }
        catch (SessionStoreException exception)
        {
            return new SessionView($"unreadable: {exception.Message}", null);
        }
    }

    /// <summary>The name of a generation, after the call that made it.</summary>
    public static string Generation(Session session) => string.Create(CultureInfo.InvariantCulture, $"g{BitConverter.ToInt32(session.Generation.ToByteArray())}");

    /// <summary>The name of a call, and of the frame that it appends.</summary>
    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"{(number > 0 ? 'f' : 'p')}{Math.Abs(number)}");

    private static string Words(Session session) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Generation(session)} version {session.Version} {session.TimeToLive?.TotalMinutes} min {session.CloseReason ?? "-"} {session.FirstSequence}..{session.FrameCount}");

    private static async Task<string> FramesAsync(ISessionStore store, SessionId id)
    {
        try
        {
            // Asked for from the end, all of them are one page.
            return string.Join(' ', await store.GetFramesAsync(id, FrameRange.Last(Many)).Select(frame => string.Create(CultureInfo.InvariantCulture, $"{frame.Sequence}:{frame.Method}")).ToListAsync());
        }
        catch (SessionNotFoundException)
        {
            return None;
        }
        catch (SessionStoreException exception)
        {
            return $"unreadable: {exception.Message}";
        }
    }
}
