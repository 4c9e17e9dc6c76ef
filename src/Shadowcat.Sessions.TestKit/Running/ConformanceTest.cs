using System.Globalization;
using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Shadowcat.Sessions.TestKit;

/// <summary>A test of a suite, with a row of its data.</summary>
internal sealed class ConformanceTest
{
    private const string SuiteEnding = "Conformance";

    private readonly Type _suite;
    private readonly MethodInfo _method;
    private readonly object?[] _arguments;

    private ConformanceTest(Type suite, MethodInfo method, object?[] arguments, int row)
    {
        (_suite, _method, _arguments, Row) = (suite, method, arguments, row);
        Label = string.Join(", ", method.GetParameters().Zip(arguments, static (parameter, argument) => $"{parameter.Name}: {ArgumentFormatter.Format(argument)}"));
    }

    /// <summary>The classes that hold the tests.</summary>
    public static IReadOnlyList<Type> Suites { get; } =
        [.. typeof(ConformanceTest).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(StoreConformance))).OrderBy(static type => type.Name, StringComparer.Ordinal)];

    /// <summary>Every test, whatever the store.</summary>
    public static IReadOnlyList<ConformanceTest> All { get; } = [.. Suites.SelectMany(TestsOf)];

    public string SuiteName => _suite.Name[..^SuiteEnding.Length];

    public string Name => _method.Name;

    public int Row { get; }

    /// <summary>What distinguishes the row from others; empty for a test without data.</summary>
    public string Label { get; }

    /// <summary>The tests for a store.</summary>
    public static IEnumerable<ConformanceTest> For(StoreUnderTestAttribute store) => All.Where(test => test.IsFor(store));

    public static ConformanceTest Find(string suite, string name, int row) =>
        All.FirstOrDefault(test => test.SuiteName == suite && test.Name == name && test.Row == row)
        ?? throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"There is no test {suite}.{name} with row {row}."), nameof(name));

    /// <summary>What a class derived from <see cref="SessionStoreConformance"/> says of its store.</summary>
    public static StoreUnderTestAttribute StoreOf(Type derivation) =>
        derivation.GetCustomAttribute<StoreUnderTestAttribute>()
        ?? throw new InvalidOperationException($"{derivation} does not say which store it tests. Give it a [StoreUnderTest(typeof(YourStore))].");

    /// <summary>Runs the test, and disposes of the harness.</summary>
    public async Task RunAsync(IStoreHarness harness, Type storeType)
    {
        await using var suite = (StoreConformance)Activator.CreateInstance(_suite, harness)!;
        suite.StoreType = storeType;
        await (Task)_method.Invoke(suite, BindingFlags.DoNotWrapExceptions, binder: null, _arguments, CultureInfo.InvariantCulture)!;
    }

    private static IEnumerable<ConformanceTest> TestsOf(Type suite) => suite.GetMethods()
        .Where(static method => method.IsDefined(typeof(FactAttribute)))
        .OrderBy(static method => method.Name, StringComparer.Ordinal)
        .SelectMany(method => RowsOf(method).Select((arguments, row) => new ConformanceTest(suite, method, arguments, row)));

    private static IEnumerable<object?[]> RowsOf(MethodInfo method)
    {
        var sources = method.GetCustomAttributes<DataAttribute>().ToList();
        return sources.Count == 0 ? [[]] : sources.SelectMany(source => RowsOf(source, method));
    }

    private static IEnumerable<object?[]> RowsOf(DataAttribute source, MethodInfo method)
    {
        if (source is ITypeAwareDataAttribute aware)
        {
            aware.MemberType = method.ReflectedType;
        }

        // The attributes that suites use have their data at hand.
        var rows = source.GetData(method, new DisposalTracker());
        return rows.IsCompletedSuccessfully
            ? rows.Result.Select(static row => row.GetData())
            : throw new InvalidOperationException($"The data of {method.DeclaringType}.{method.Name} is not at hand.");
    }

    private bool IsFor(StoreUnderTestAttribute store) =>
        (_suite.GetCustomAttribute<CapabilityAttribute>() is not { } capability || store.StoreType.IsAssignableTo(capability.Type))
        && (store.KeepsSizes || !_method.IsDefined(typeof(ExactSizesAttribute)));
}
