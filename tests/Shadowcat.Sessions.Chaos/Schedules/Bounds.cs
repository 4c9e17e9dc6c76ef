namespace Shadowcat.Sessions.Chaos.Schedules;

/// <summary>How many frames the stores of a schedule keep.</summary>
internal static class Bounds
{
    /// <summary>The bound of the store by which a call is made; null for none.</summary>
    public static long? Of(Mutation mutation) => mutation switch
    {
        Mutation.Trim => 2,
        Mutation.Script => 1000,
        _ => null,
    };
}
