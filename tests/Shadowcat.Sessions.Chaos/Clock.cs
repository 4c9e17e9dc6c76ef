using System.Diagnostics;

namespace Shadowcat.Sessions.Chaos;

/// <summary>Time since the process began, which no change of the wall clock moves.</summary>
internal static class Clock
{
    private static readonly long Begun = Stopwatch.GetTimestamp();

    public static TimeSpan Now => Stopwatch.GetElapsedTime(Begun);
}
