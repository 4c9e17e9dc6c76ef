using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Shadowcat.Sessions.TestKit;

/// <summary>Gives a class the tests of all suites that are for its store.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConformanceTestsAttribute : DataAttribute, ITypeAwareDataAttribute
{
    public Type? MemberType { get; set; }

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var derivation = MemberType ?? testMethod.ReflectedType ?? throw new InvalidOperationException("xUnit does not say which class is tested.");
        var store = ConformanceTest.StoreOf(derivation);
        return ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>([.. ConformanceTest.For(store).Select(test => Row(derivation, test))]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;

    private static TheoryDataRow Row(Type derivation, ConformanceTest test) => new TheoryDataRow(test.SuiteName, test.Name, test.Row)
    {
        TestDisplayName = $"{derivation.FullName}.{test.SuiteName}.{test.Name}",
        Label = test.Label,
    }.WithTrait("Suite", test.SuiteName);
}
