using System.Collections.Concurrent;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Proxying.Http;

/// <summary>Says each thing once: what clients repeat is not worth a line each time.</summary>
/// <param name="diagnostics">Where to.</param>
internal sealed class Notices(TextWriter diagnostics)
{
    private const int MaxNotices = 200;

    private readonly ConcurrentDictionary<string, bool> _told = new(StringComparer.Ordinal);

    public void Say(string notice)
    {
        if (_told.Count < MaxNotices && _told.TryAdd(notice, true))
        {
            diagnostics.WriteLine($"shadowcat: {SafeText.Of(notice)}");
        }
    }
}
