
namespace Shadowcat.Sessions.TestKit;

/// <summary>Every promise of <see cref="ISessionStore"/>, and of the capabilities that a store claims, as tests. Whoever writes a store or a decorator derives from it.</summary>
/// <remarks>
/// Each test gets a harness of its own. It is a test case of its own, with a trait <c>Suite</c> that says what it is about. Which ones there are is read from <see cref="StoreUnderTestAttribute"/>:
/// <see cref="IRepeatableAppends"/>, <see cref="IDisposable"/> and the like are tested where the type of the store implements them.
/// </remarks>
/// <example>
/// <code>
/// [StoreUnderTest(typeof(MyStore))]
/// public sealed class MyStoreTests : SessionStoreConformance
/// {
///     protected override IStoreHarness CreateHarness() => new MyHarness();
/// }
/// </code>
/// </example>
public abstract class SessionStoreConformance
{
    /// <summary>Beyond this, a machine is not slow but a call hangs.</summary>
    private const int LongestMilliseconds = 5 * 60 * 1000;

    /// <summary>Runs one test of a suite.</summary>
    /// <param name="suite">The name of the suite.</param>
    /// <param name="test">The name of the test.</param>
    /// <param name="row">Which row of the test's data; 0 where it has none.</param>
    /// <returns>A task that completes when the test has passed.</returns>
    [Theory(Timeout = LongestMilliseconds)]
    [ConformanceTests]
    public async Task Store_KeepsItsPromise(string suite, string test, int row)
    {
        var store = ConformanceTest.StoreOf(GetType());
        await ConformanceTest.Find(suite, test, row).RunAsync(CreateHarness(), store.StoreType);
    }

    /// <summary>Makes what makes the stores of one test.</summary>
    /// <returns>A new harness, whose stores share nothing with those of another one. The test disposes of it.</returns>
    protected abstract IStoreHarness CreateHarness();
}
