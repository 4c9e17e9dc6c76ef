using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Mcp.Tests.Documents;

/// <summary>The examples of docs/recording.md do what it says. That it shows them is what SnippetTests holds.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task Example_Run_RecordsTheMessage()
    {
        var store = new InMemorySessionStore();
        var (input, output) = (new Pipe(), new Pipe());

        Examples.Run(
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
    public void Redactors_OfTheExample_KeepWhatIsNamed()
    {
        var options = new SessionRecordingOptions();

        Examples.Restrict(options);

        Assert.Equal([typeof(AllowListRedactor), typeof(CredentialRedactor)], options.Redactors.Select(static redactor => redactor.GetType()));
    }

    [Fact]
    public void Example_OfAServer_SaysHowLongRecordsAreKept() => Assert.Contains(
        $"Records are kept for {new SessionRecordingOptions().TimeToLive!.Value.Days} days after the last message",
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "recording.md")),
        StringComparison.Ordinal);
}
