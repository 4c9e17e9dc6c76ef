using Shadowcat.Sessions;
using Shadowcat.Sessions.Mcp;

namespace Recorder.Recording;

/// <summary>Which recording a message over Streamable HTTP belongs to: that of its <c>Mcp-Session-Id</c>; else that which its client began last; else that of its client, until that one is silent for long.</summary>
/// <param name="recorder">Records them.</param>
/// <param name="describe">Makes the session of a recording.</param>
/// <param name="clock">Says how long a client was silent.</param>
internal sealed class HttpSessions(SessionRecorder recorder, Func<SessionBoundary, string?, Session> describe, TimeProvider clock)
{
    /// <summary>A client without a session that is silent for as long has ended.</summary>
    private static readonly TimeSpan SilenceOfClient = TimeSpan.FromMinutes(30);

    /// <summary>One with a session that is silent for as long has gone without saying so, as most do.</summary>
    private static readonly TimeSpan SilenceOfSession = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (SessionRecording Recording, long LastUse)> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (SessionRecording Recording, long LastUse)> _ofClients = new(StringComparer.Ordinal);

    /// <summary>Begins the recording of a client that begins a session.</summary>
    public SessionRecording Begin() => recorder.Begin(describe(SessionBoundary.Handshake, null));

    /// <summary>Names a recording as the server names its session.</summary>
    public void Name(SessionRecording recording, string transportSessionId)
    {
        recording.TransportSessionId = transportSessionId;
        lock (_lock)
        {
            _named[transportSessionId] = (recording, clock.GetTimestamp());
        }
    }

    /// <summary>Lets what a client says without naming a session go into a recording that it began: the server names none.</summary>
    public void Adopt(SessionRecording recording, string client)
    {
        lock (_lock)
        {
            if (_ofClients.Remove(client, out var before))
            {
                before.Recording.Close(SessionStatus.Completed, "the client began anew");
            }

            _ofClients[client] = (recording, clock.GetTimestamp());
        }
    }

    /// <summary>Finds the recording of a message, or begins it.</summary>
    /// <param name="transportSessionId">The session that it names; null for none.</param>
    /// <param name="client">What tells its client from others. It is stored, so it holds no secret.</param>
    public SessionRecording Of(string? transportSessionId, string client)
    {
        lock (_lock)
        {
            EndSilent(_ofClients, SilenceOfClient);
            EndSilent(_named, SilenceOfSession);
            var (recordings, key) = transportSessionId is null ? (_ofClients, client) : (_named, transportSessionId);
            var recording = recordings.TryGetValue(key, out var known) ? known.Recording
                : transportSessionId is null ? recorder.Begin(describe(SessionBoundary.Correlated, client))
                : Begin(); // its session began before this recorder did
            recording.TransportSessionId ??= transportSessionId;
            recordings[key] = (recording, clock.GetTimestamp());
            return recording;
        }
    }

    /// <summary>Closes the recording of a session that is over.</summary>
    public void End(string transportSessionId, string reason)
    {
        lock (_lock)
        {
            if (_named.Remove(transportSessionId, out var ended))
            {
                ended.Recording.Close(SessionStatus.Completed, reason);
            }
        }
    }

    private void EndSilent(Dictionary<string, (SessionRecording Recording, long LastUse)> recordings, TimeSpan silence)
    {
        foreach (var (key, (recording, lastUse)) in recordings)
        {
            if (clock.GetElapsedTime(lastUse) >= silence)
            {
                recording.Close(SessionStatus.TimedOut, "the client was silent");
                recordings.Remove(key);
            }
        }
    }
}
