using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Exporting;

/// <summary>A form in which a recording is written for others.</summary>
internal interface IExportFormat
{
    /// <summary>How <c>--format</c> names it.</summary>
    string Name { get; }

    /// <summary>The endings of file names that choose it.</summary>
    IReadOnlyList<string> Endings { get; }

    /// <summary>Whether a file that holds the beginning of an export is continued, and judged by its content; every other format writes a file from its beginning.</summary>
    bool IsContinued { get; }

    /// <summary>Why a recording has no such form, and what to do; null where it has.</summary>
    string? WhyNot(Session session);

    /// <summary>Writes a recording, in memory that does not grow with its payloads.</summary>
    /// <param name="store">Where the recording is.</param>
    /// <param name="session">The session of the recording.</param>
    /// <param name="destination">The stream to write to; it is not closed.</param>
    /// <param name="progress">Shows how far it is.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>What was written, in words that follow "exported".</returns>
    Task<string> WriteAsync(ISessionStore store, Session session, Stream destination, WorkProgress progress, CancellationToken cancellationToken);
}
