namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>Something that happened while a schedule ran, as callers and readers saw it.</summary>
/// <param name="Kind">What.</param>
/// <param name="Call">Which call began, ended, or had a command carried out before somebody looked; null where it was none.</param>
/// <param name="Text">How the call ended, or what was seen.</param>
internal readonly record struct HistoryEvent(HistoryKind Kind, Call? Call, string Text)
{
    public static HistoryEvent Began(Call call) => new(HistoryKind.Began, call, "");

    public static HistoryEvent Ended(Call call, string result) => new(HistoryKind.Ended, call, result);

    public static HistoryEvent Expired { get; } = new(HistoryKind.Expired, null, "");

    public static HistoryEvent Seen(string view, Call? after = null) => new(HistoryKind.Seen, after, view);
}
