using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Mcp.Tests.Recording;

namespace Shadowcat.Sessions.AspNetCore.Tests.Migration;

/// <summary>A test with two replicas on one store, and people who use them.</summary>
public abstract class TwoReplicaTest : IAsyncLifetime
{
    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected BreakableStore Store { get; init; } = new();

    private protected RawClient Alice { get; } = new("alice");

    private protected RawClient Bob { get; } = new("bob");

    private protected TestReplica A { get; private set; } = null!;

    private protected TestReplica B { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        A = await TestReplica.StartAsync(Store, Configure);
        B = await TestReplica.StartAsync(Store, Configure);
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await A.DisposeAsync();
        await B.DisposeAsync();
        Alice.Dispose();
        Bob.Dispose();
    }

    /// <summary>Adds to each replica what the test needs beside migration.</summary>
    private protected virtual void Configure(IMcpServerBuilder server)
    {
    }
}
