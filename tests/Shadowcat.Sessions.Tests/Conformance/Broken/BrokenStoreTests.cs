namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>The suites notice what they are for: each fails against a store that breaks the promise that it names.</summary>
public sealed class BrokenStoreTests
{
    /// <summary>A test that has not ended by then waits for what never comes from its store.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan PatienceWithTheUnbroken = TimeSpan.FromMinutes(2);

    private static readonly Dictionary<string, BrokenPromise> All = new[] { BrokenAppends.All, BrokenSessions.All, BrokenReads.All, BrokenListings.All, BrokenDeadlines.All, BrokenCalls.All }
        .SelectMany(static some => some).ToDictionary(StringComparer.Ordinal);

    private static readonly BrokenPromise Unbroken = new("", static store => new UnbrokenStore(store));

    public static TheoryData<string> Promises => [.. All.Keys];

    public static TheoryData<string> Suites => [.. ConformanceTest.Suites.Select(static suite => suite.Name[..^"Conformance".Length])];

    [Theory]
    [MemberData(nameof(Promises))]
    public async Task Suite_AgainstAStoreThatBreaksItsPromise_Fails(string promise)
    {
        var broken = All[promise];
        var tests = await TestsAsync(broken, broken.Suite);
        Assert.NotEmpty(tests);

        foreach (var test in tests)
        {
            if (await Record.ExceptionAsync(() => RunAsync(test, broken)) is not null)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{test.SuiteName}.{test.Name} [{test.Label}]");
                return;
            }
        }

        Assert.Fail($"No test of {broken.Suite} notices a store that {promise}.");
    }

    [Theory]
    [MemberData(nameof(Suites))]
    public async Task Suite_AgainstAStoreThatBreaksNone_Passes(string suite)
    {
        foreach (var test in await TestsAsync(Unbroken, suite))
        {
            await RunAsync(test, Unbroken);
        }
    }

    [Fact]
    public void Suites_AreAllBrokenByAStore() => Assert.Subset(
        All.Values.Select(static broken => broken.Suite).ToHashSet(StringComparer.Ordinal),
        ConformanceTest.Suites.Select(static suite => suite.Name[..^"Conformance".Length]).ToHashSet(StringComparer.Ordinal));

    private static async Task<List<ConformanceTest>> TestsAsync(BrokenPromise broken, string suite)
    {
        await using var harness = new BrokenHarness(broken);
        return [.. ConformanceTest.For(new StoreUnderTestAttribute((await harness.CreateStoreAsync()).GetType())).Where(test => test.SuiteName == suite)];
    }

    private static async Task RunAsync(ConformanceTest test, BrokenPromise broken)
    {
        await using var typed = new BrokenHarness(broken);
        await test.RunAsync(new BrokenHarness(broken), (await typed.CreateStoreAsync()).GetType()).WaitAsync(broken == Unbroken ? PatienceWithTheUnbroken : Patience, TestContext.Current.CancellationToken);
    }
}
