using System.Reflection;
using Shadowcat.Sessions.FileStore;
using Shadowcat.Sessions.Tests.FileStore;

namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>No store escapes a suite.</summary>
public sealed class ConformanceTests
{
    private static readonly Type[] Derivations = [.. TypesOf(typeof(ConformanceTests)).Where(type => !type.IsAbstract && type.IsSubclassOf(typeof(SessionStoreConformance)))];

    /// <summary>Every store and every decorator that can be had.</summary>
    private static readonly Type[] Stores =
        [.. new[] { typeof(ISessionStore), typeof(RedisSessionStore), typeof(SqliteSessionStore), typeof(ProtectedSessionStore), typeof(FileSessionStore) }
            .SelectMany(TypesOf).Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ISessionStore)))];

    [Fact]
    public void EveryStore_IsTested()
    {
        Assert.True(Stores.Length >= 7, $"Only {Stores.Length} stores were found.");
        Assert.Empty(Stores.Except(Derivations.Select(StoreOf)));
    }

    [Fact]
    public void EveryDerivation_IsRun()
    {
        Assert.True(Derivations.Length >= 20, $"Only {Derivations.Length} derivations were found.");
        Assert.All(Derivations, type => Assert.True(type.IsVisible && type.GetConstructors().Length == 1, $"xUnit does not run {type}."));
    }

    [Fact]
    public void EveryStore_RunsEverySuiteThatItClaims()
    {
        Assert.True(ConformanceTest.Suites.Count >= 24, $"Only {ConformanceTest.Suites.Count} suites were found.");
        Assert.All(Derivations, type =>
        {
            var claimed = ConformanceTest.Suites.Where(suite => suite.GetCustomAttribute<CapabilityAttribute>() is not { } capability || StoreOf(type).IsAssignableTo(capability.Type));
            var run = ConformanceTest.For(ConformanceTest.StoreOf(type)).Select(test => test.SuiteName + "Conformance").Distinct(StringComparer.Ordinal);
            Assert.Equal(claimed.Select(suite => suite.Name), run);
        });
    }

    [Fact]
    public void Sizes_AreNotKept_ByEncryptionAlone() => Assert.Equal(
        Derivations.Where(type => !ConformanceTest.StoreOf(type).KeepsSizes),
        Derivations.Where(type => type.Name.Contains("Protected", StringComparison.Ordinal) || type.Name.Contains("Encrypted", StringComparison.Ordinal) || type == typeof(ConformanceDecoratedFiles)));

    [Fact]
    public void EverySuite_HasTests() => Assert.All(
        ConformanceTest.Suites, suite => Assert.Contains(ConformanceTest.All, test => test.SuiteName + "Conformance" == suite.Name));

    [Fact]
    public void Test_ByItsName_IsFound() => Assert.All(ConformanceTest.All, test => Assert.Same(test, ConformanceTest.Find(test.SuiteName, test.Name, test.Row)));

    [Fact]
    public void Derivation_ThatNamesNoStore_IsToldWhatToDo()
    {
        var exception = Assert.Throws<InvalidOperationException>(() => ConformanceTest.StoreOf(typeof(ConformanceTests)));

        Assert.Contains("[StoreUnderTest(typeof(YourStore))]", exception.Message, StringComparison.Ordinal);
    }

    private static Type StoreOf(Type derivation) => ConformanceTest.StoreOf(derivation).StoreType;

    private static Type[] TypesOf(Type any) => any.Assembly.GetTypes();
}
