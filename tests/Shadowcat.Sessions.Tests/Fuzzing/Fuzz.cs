using System.Globalization;
using CsCheck;

namespace Shadowcat.Sessions.Tests.Fuzzing;

/// <summary>How many inputs the fuzzing tests try: a few thousand, or what <c>SHADOWCAT_TEST_FUZZ</c> asks for, of all of them together.</summary>
internal static class Fuzz
{
    /// <summary>The name of the environment variable.</summary>
    public const string Variable = "SHADOWCAT_TEST_FUZZ";

    private const long UsualInputs = 20_000;

    private static long _tried;

    private static int PropertyCount { get; } = typeof(Fuzz).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(Fuzz).Namespace)
        .SelectMany(type => type.GetMethods())
        .Count(method => method.IsDefined(typeof(FactAttribute), inherit: false));

    /// <summary>How many inputs each property tries.</summary>
    private static long InputsEach { get; } = Math.Max(1, (Wanted() + PropertyCount - 1) / PropertyCount);

    /// <summary>Tries a property; a failure names the seed that repeats it.</summary>
    public static void Try<T>(Gen<T> inputs, Action<T> property)
    {
        inputs.Sample(property, iter: InputsEach, threads: 1);
        var tried = Interlocked.Add(ref _tried, InputsEach);
        TestContext.Current.SendDiagnosticMessage("Fuzzing: {0} inputs, {1} so far", InputsEach, tried);
    }

    private static long Wanted() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } wanted ? long.Parse(wanted, CultureInfo.InvariantCulture) : UsualInputs;
}
