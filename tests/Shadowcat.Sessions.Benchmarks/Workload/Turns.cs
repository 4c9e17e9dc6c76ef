namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Which session a call is about: each caller goes through all of them, and begins elsewhere than the others.</summary>
internal static class Turns
{
    public static int Next(int caller, int callers, long call, int sessions) =>
        sessions <= callers ? caller % sessions : (int)((((long)caller * sessions / callers) + call) % sessions);
}
