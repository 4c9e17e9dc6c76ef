using System.Globalization;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Histories as lines that a person reads.</summary>
internal static class HistoryText
{
    /// <summary>A line for an operation: when, who, what, and what it was answered.</summary>
    public static string Of(HistoryOperation operation) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Time(operation.Begun)}–{(operation.IsAnswered ? Time(operation.Ended) : "?"),-7} c{operation.Client} {operation.Store,-3} {Asked(operation)} → {Answered(operation)}");

    private static string Time(TimeSpan time) => (time.TotalMilliseconds / 1000).ToString("0.0000", CultureInfo.InvariantCulture);

    private static string Frames(HistoryOperation operation) => string.Join(' ', operation.Frames.Select(frame => $"f{frame}"));

    private static string Placed(HistoryOperation operation) =>
        operation.Frames.Length == 0 ? "no frames" : string.Join(' ', operation.Frames.Select((frame, place) => $"{operation.Number + place}:f{frame}"));

    private static string Asked(HistoryOperation operation) => operation.Call switch
    {
        HistoryCall.Create => $"create life {operation.Generation} from {operation.From}"
            + (operation.TimeToLive is { } lifetime ? $" for {lifetime.TotalMilliseconds:0} ms" : "")
            + (operation.MaxLifetime is { } most ? $" for {most.TotalMilliseconds:0} ms at most" : ""),
        HistoryCall.Update => $"update version {operation.Version} of life {operation.Generation} to {operation.Value}",
        HistoryCall.Append => $"append {Frames(operation)}" + (operation.Turn > 0 ? " (buffered" + (operation.Generation > 0 ? $" for life {operation.Generation})" : ")") : ""),
        HistoryCall.Read => operation.Last >= 0 ? $"read last {operation.Last}" : $"read from {operation.From}",
        HistoryCall.DeleteFrames => operation.From < 0 ? "delete all frames" : $"delete frames below {operation.From}",
        _ => operation.Call.ToString().ToLowerInvariant(),
    };

    private static string Answered(HistoryOperation operation) => operation.Reply switch
    {
        HistoryReply.Done => operation.Call switch
        {
            HistoryCall.Append => $"{operation.Number}",
            HistoryCall.Read or HistoryCall.Follow => Placed(operation),
            HistoryCall.Count or HistoryCall.DeleteFrames => $"{operation.Number} frames",
            _ => operation.Seen is { } seen ? Of(seen) : "done",
        },
        HistoryReply.Absent => "no session",
        HistoryReply.Conflict => $"conflict with {(operation.Seen is { } seen ? Of(seen) : "?")}",
        HistoryReply.Trimmed => $"trimmed below {operation.Number}",
        _ => $"{operation.Reply} ({operation.Error})",
    };

    private static string Of(SessionView view) => $"life {view.Generation} version {view.Version} value {view.Value} frames {view.First}..{view.End - 1}";
}
