using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>The differences of two recordings, as JSON.</summary>
internal static class DifferenceJson
{
    public static string Of(DifferenceReport report) => ReportJson.Of(new
    {
        First = Side(report.First),
        Second = Side(report.Second),
        report.Same,
        report.Differing,
        Differences = report.Differences.Select(static difference => new
        {
            difference.Kind,
            difference.Title,
            From = difference.From switch
            {
                MessageDirection.ClientToServer => "client",
                MessageDirection.ServerToClient => "server",
                _ => null,
            },
            difference.Path,
            FirstFrame = difference.FirstSequence,
            SecondFrame = difference.SecondSequence,
            difference.First,
            difference.Second,
        }),
    });

    private static object Side(RecordedSide side) => new { side.Name, Session = side.Session.Id.Value };
}
