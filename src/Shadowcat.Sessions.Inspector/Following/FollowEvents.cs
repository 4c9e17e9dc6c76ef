using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>What a page that follows a session is told, and when it was told something last.</summary>
internal sealed class FollowEvents(EventWriter events, TimeProvider time, CancellationToken stop)
{
    private static readonly TimeSpan CommentInterval = TimeSpan.FromSeconds(15);

    private long _sent = time.GetTimestamp();
    private bool _isAway;

    /// <summary>Frames came, so the store is there.</summary>
    public async ValueTask SendFramesAsync(ReadOnlyMemory<byte> frames, long next)
    {
        _sent = time.GetTimestamp();
        await events.SendAsync("frames", next, frames, stop).ConfigureAwait(false);
        await SendLiveAsync().ConfigureAwait(false);
    }

    public ValueTask SendSessionAsync(Session session) => SendAsync("session", json => SessionSummary.Write(json, session));

    /// <summary>The store cannot be reached; said once.</summary>
    public async ValueTask SendAwayAsync(SessionStoreException exception)
    {
        if (!_isAway)
        {
            _isAway = true;
            await SendAsync("away", json => WriteDetail(json, exception.Reason)).ConfigureAwait(false);
        }
    }

    /// <summary>The store can be reached again; said where it was said that it cannot.</summary>
    public async ValueTask SendLiveAsync()
    {
        if (_isAway)
        {
            _isAway = false;
            await SendAsync("live", static json => WriteDetail(json, null)).ConfigureAwait(false);
        }
    }

    public ValueTask SendEndAsync(string reason, string? detail) => SendAsync("end", json =>
    {
        json.WriteStartObject();
        json.WriteString("reason", reason);
        json.WriteString("detail", detail);
        json.WriteEndObject();
    });

    /// <summary>Shows that the stream is there, where it would be silent for long.</summary>
    public async ValueTask SendCommentAsync()
    {
        if (time.GetElapsedTime(_sent) >= CommentInterval)
        {
            _sent = time.GetTimestamp();
            await events.SendCommentAsync(stop).ConfigureAwait(false);
        }
    }

    private ValueTask SendAsync(string type, Action<Utf8JsonWriter> write)
    {
        _sent = time.GetTimestamp();
        return events.SendAsync(type, id: null, write, stop);
    }

    private static void WriteDetail(Utf8JsonWriter json, string? detail)
    {
        json.WriteStartObject();
        json.WriteString("detail", detail);
        json.WriteEndObject();
    }
}
