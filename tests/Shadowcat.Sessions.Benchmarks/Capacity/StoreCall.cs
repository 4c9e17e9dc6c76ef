using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Capacity;

/// <summary>The same call again and again.</summary>
internal sealed class StoreCall<T>(Func<ValueTask<T>> call) : Operation<T>
{
    public override ValueTask<T> CallAsync(int caller, long number) => call();
}
