using Shadowcat.Sessions.Chaos.Checking;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>Servers of its own, and one way to break them, over and over.</summary>
internal abstract class Scenario : IAsyncDisposable
{
    public abstract string Name { get; }

    /// <summary>What the stores under test are given.</summary>
    public abstract string Configuration { get; }

    /// <summary>How to reach what the servers hold when nothing is disturbed any more.</summary>
    public virtual Task<string> FindAsync() => Task.FromResult(Configuration);

    /// <summary>What a memory limit refuses is refused with that reason.</summary>
    public virtual bool RefusesWrites => false;

    /// <summary>Whether the servers themselves may lose the newest of what they acknowledged: replication to the new primary is not waited for.</summary>
    public virtual bool LosesNewest => false;

    /// <summary>The failovers that the servers made, whether they were made to or not, where they report them.</summary>
    public virtual IReadOnlyCollection<Failover> Failovers => [];

    /// <summary>What the servers said of one another, for the report of a promise that they may have broken.</summary>
    public virtual IReadOnlyCollection<string> Events => [];

    /// <summary>Whether the writers write through a buffer, which no disturbance may make fail.</summary>
    public virtual bool IsBuffered => false;

    /// <summary>Whether it moves the clock of the process, and so needs one of its own.</summary>
    public virtual bool MovesClock => false;

    /// <summary>How long everything is left in peace after everybody works again.</summary>
    public virtual TimeSpan Rest => TimeSpan.FromMilliseconds(300);

    public abstract Task StartAsync();

    /// <summary>Breaks something, mends it, and notes when it was whole again.</summary>
    public abstract Task DisturbAsync(Disturbance disturbance, Random random);

    /// <summary>Makes everything as it was before, after it was seen that all works without.</summary>
    public virtual Task RestoreAsync() => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();

    private protected static Task PauseAsync(Random random, int fromMilliseconds, int toMilliseconds) =>
        Task.Delay(random.Next(fromMilliseconds, toMilliseconds));

    /// <summary>What makes a server have on disk what it acknowledged.</summary>
    private protected static string[] Durable { get; } = ["--appendonly", "yes", "--appendfsync", "always"];
}
