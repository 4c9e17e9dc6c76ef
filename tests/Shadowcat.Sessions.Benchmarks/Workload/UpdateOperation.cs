using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Replaces the version of a session that the caller's last update returned. Each caller has a session of its own.</summary>
internal sealed class UpdateOperation(ISessionStore store, Session[] sessions) : Operation<bool>
{
    public override async ValueTask<bool> CallAsync(int caller, long call)
    {
        sessions[caller] = await store.UpdateSessionAsync(sessions[caller] with { CloseReason = call % 2 == 0 ? null : "odd" });
        return true;
    }
}
