using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestFramework(typeof(Shadowcat.Sessions.Tests.Servers.SkipReportingFramework))]

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>xUnit's own framework that also prints why tests were skipped: <c>dotnet test</c> by itself only names them.</summary>
public sealed class SkipReportingFramework(string? configFileName) : XunitTestFramework(configFileName)
{
    protected override ITestFrameworkExecutor CreateExecutor(Assembly assembly) =>
        new Executor(base.CreateExecutor(assembly));

    private sealed class Executor(ITestFrameworkExecutor inner) : ITestFrameworkExecutor
    {
        public ValueTask RunTestCases(
            IReadOnlyCollection<ITestCase> testCases,
            IMessageSink executionMessageSink,
            ITestFrameworkExecutionOptions executionOptions,
            CancellationToken? cancellationToken = null) =>
            inner.RunTestCases(testCases, new SkipReasonSink(executionMessageSink), executionOptions, cancellationToken);
    }
}
