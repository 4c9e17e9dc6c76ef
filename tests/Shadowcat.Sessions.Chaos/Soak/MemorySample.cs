namespace Shadowcat.Sessions.Chaos.Soak;

/// <summary>The memory of the process at one moment, in bytes, after a full collection.</summary>
/// <param name="Heap">What is alive in the managed heap.</param>
/// <param name="WorkingSet">What the process occupies.</param>
internal readonly record struct MemorySample(long Heap, long WorkingSet)
{
    public static MemorySample Take() => new(GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
}
