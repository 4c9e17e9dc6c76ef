namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>What was done before a schedule begins: a session with two frames, of which both callers' stores know the list.</summary>
internal static class Prelude
{
    /// <summary>The calls, with the number of the caller who makes each.</summary>
    public static (int Client, Call Call)[] Of(SessionId id)
    {
        (int Client, Call Call)[] calls = [(0, new Call(0, Mutation.Create, id)), (0, new Call(-1, Mutation.Push, id)), (1, new Call(-2, Mutation.Push, id))];
        Array.ForEach(calls, call => call.Call.Give(read: null));
        return calls;
    }
}
