namespace Shadowcat.Sessions;

/// <summary>What goes out in one call: the frames of any number of callers, a block for each session.</summary>
internal sealed class AppendFlight
{
    private const int MaxFrames = 512;
    private const long MaxBytes = 1024 * 1024;

    private readonly Dictionary<SessionId, List<PendingAppend>> _sessions = [];
    private int _frames;
    private long _bytes;

    public IEnumerable<KeyValuePair<SessionId, List<PendingAppend>>> Sessions => _sessions;

    public IEnumerable<PendingAppend> Appends => _sessions.Values.SelectMany(appends => appends);

    /// <summary>Takes a caller's frames on board if they fit; the first always do.</summary>
    /// <param name="append">The frames.</param>
    /// <param name="alone">Whether a session's callers must not share a block, because one of them may be refused where the others are not.</param>
    public bool TryAdd(PendingAppend append, bool alone)
    {
        if (_frames > 0 && (_frames + append.Frames.Length > MaxFrames || _bytes + append.Bytes > MaxBytes))
        {
            return false;
        }

        if (!_sessions.TryGetValue(append.Id, out var appends))
        {
            _sessions.Add(append.Id, appends = []);
        }
        else if (alone)
        {
            return false;
        }

        appends.Add(append);
        _frames += append.Frames.Length;
        _bytes += append.Bytes;
        return true;
    }
}
