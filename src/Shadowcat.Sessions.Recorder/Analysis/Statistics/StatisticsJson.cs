using Shadowcat.Sessions.Recorder.Display;

namespace Shadowcat.Sessions.Recorder.Analysis.Statistics;

/// <summary>The figures of methods, as JSON. Durations are in milliseconds.</summary>
internal static class StatisticsJson
{
    private const int Median = 50;
    private const int High = 95;
    private const int Highest = 99;

    public static string Of(ConversationStatistics statistics) => ReportJson.Of(new
    {
        statistics.Sessions,
        statistics.Frames,
        statistics.Bytes,
        Methods = statistics.Methods.Select(static method => new
        {
            method.Key.Method,
            method.Key.Tool,
            Kind = method.Key.IsNotification ? MessageKind.Notification : MessageKind.Request,
            From = method.Key.From == MessageDirection.ClientToServer ? "client" : "server",
            method.Figures.Calls,
            method.Figures.Errors,
            method.Figures.Unanswered,
            method.Figures.Bytes,
            P50 = method.Figures.Percentile(Median)?.TotalMilliseconds,
            P95 = method.Figures.Percentile(High)?.TotalMilliseconds,
            P99 = method.Figures.Percentile(Highest)?.TotalMilliseconds,
            Slowest = method.Figures.Slowest is { } slowest
                ? new { Duration = slowest.Duration.TotalMilliseconds, Session = slowest.Session.Value, slowest.Sequence }
                : null,
        }),
    });
}
