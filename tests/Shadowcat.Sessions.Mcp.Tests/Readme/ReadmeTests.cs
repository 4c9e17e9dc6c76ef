using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Mcp.Tests.Readme;

public sealed class ReadmeTests
{
    /// <summary>Which files the example of a replayed server is in.</summary>
    private static readonly string[] ReplayedFiles = ["WeatherServer.cs", "WeatherTests.cs"];

    [Fact]
    public async Task Example_Run_RecordsTheMessage()
    {
        var store = new InMemorySessionStore();
        var (input, output) = (new Pipe(), new Pipe());

        ReadmeExample.Run(
            new ServiceCollection(),
            new StreamClientTransport(input.Writer.AsStream(), output.Reader.AsStream()),
            new StreamServerTransport(input.Reader.AsStream(), output.Writer.AsStream()),
            store,
            """{"jsonrpc":"2.0","method":"ping","id":1}"""u8.ToArray());

        await Poll.UntilAsync(
            async () => await store.ListSessionsAsync(cancellationToken: TestContext.Current.CancellationToken)
                .AnyAsync(session => session is { FrameCount: 1, CloseReason: "the client left" }, TestContext.Current.CancellationToken),
            "the message is recorded and its session closed");
    }

    [Fact]
    public void Readme_Example_IsTheOneThatCompiles()
    {
        var example = File.ReadAllLines(InRepository("tests/Shadowcat.Sessions.Mcp.Tests/Readme/ReadmeExample.cs"))
            .SkipWhile(line => !line.Contains("// <example>", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.Contains("// </example>", StringComparison.Ordinal))
            .Select(line => line.Length >= 8 ? line[8..] : line);

        Assert.Contains(string.Join('\n', example), Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_ReplayedServer_IsTheOneThatRuns()
    {
        var code = string.Join('\n', ReplayedFiles.Select(static file =>
            File.ReadAllText(InRepository("tests/Shadowcat.Sessions.Mcp.Tests/TestKit/" + file)).ReplaceLineEndings("\n").Split("// <replayed>\n")[1].Split("// </replayed>")[0]));

        Assert.Contains($"```csharp\n{code}```", Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_FirstExample_SaysHowLongRecordsAreKept() => Assert.Contains(
        $"// A server: after its transport. Records are kept for {new SessionRecordingOptions().TimeToLive!.Value.Days} days after the last message",
        Readme(),
        StringComparison.Ordinal);

    [Fact]
    public void Readme_OptionsTable_NamesEveryOption()
    {
        Assert.All(
            typeof(SessionRecordingOptions).GetProperties(), option => Assert.Contains($"| `{option.Name}` |", Readme(), StringComparison.Ordinal));
    }

    private static string Readme() => File.ReadAllText(InRepository("README.md")).ReplaceLineEndings("\n");

    private static string InRepository(string path) => Path.Combine(Repository.Root, path);
}
