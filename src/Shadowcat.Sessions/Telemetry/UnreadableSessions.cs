using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions;

/// <summary>Notes sessions that a listing passes over because they cannot be read: in the log, and in the counter <c>shadowcat.sessions.unreadable</c>.</summary>
/// <param name="logger">Where it logs.</param>
/// <param name="meterFactory">Makes the meter it counts under; null for one that all such stores of the process share.</param>
public sealed class UnreadableSessions(ILogger logger, IMeterFactory? meterFactory = null)
{
    private readonly SessionMetrics _metrics = SessionMetrics.Of(meterFactory);

    /// <summary>Notes a session that is passed over.</summary>
    /// <param name="exception">Why it cannot be read. The log says its cause and format version, and not which session it was.</param>
    public void PassOver(SessionSerializationException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        _metrics.UnreadableSessions.Add(1, _metrics.StoreTags);
        Log.SessionUnreadable(logger, exception.FormatVersion, exception);
    }
}
