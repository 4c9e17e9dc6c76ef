using Shadowcat.Sessions;
using Shadowcat.Sessions.Mcp;

namespace Gateway.Demo;

/// <summary>The record of a session, once the replicas have written what they saw.</summary>
internal static class RecordedSession
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);

    public static async Task<Session> ReadAsync(ISessionStore store, string sessionId, CancellationToken cancellationToken)
    {
        var id = TransportSessionIds.ToSessionId(sessionId);
        for (long frames = -1; ;)
        {
            var session = await store.GetSessionAsync(id, cancellationToken)
                ?? throw new InvalidOperationException("The session was not recorded.");
            if (session.FrameCount == frames)
            {
                return session;
            }

            // The recording does not hold up the conversation, so it may come a moment later.
            frames = session.FrameCount;
            await Task.Delay(Silence, cancellationToken);
        }
    }
}
