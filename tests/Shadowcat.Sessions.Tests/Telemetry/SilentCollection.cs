namespace Shadowcat.Sessions.Tests.Telemetry;

/// <summary>Tests that run when no other does, so that nobody listens to the process's telemetry.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SilentCollection
{
    public const string Name = "nobody listens";
}
