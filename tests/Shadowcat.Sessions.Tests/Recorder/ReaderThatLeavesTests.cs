using System.Text;
using Shadowcat.Sessions.Tests.Servers;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>Whoever reads what the recorder writes has gone, as <c>head</c> does: the recorder ends too, and does not say that all went well.</summary>
public sealed class ReaderThatLeavesTests(RedisFixture redis)
{
    private const string FirstLine = "\"$@\" | head -n 1";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("--raw")]
    [InlineData]
    public async Task Follow_ReaderLeaves_Ends(params string[] how)
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await CreateAsync(record);
        await using RecorderProcess recorder = RecorderProcess.StartInShell(FirstLine, ["follow", session.Id.Value, "--redis", redis.Configuration, .. how]);

        int frames = 0;
        await Poll.UntilAsync(
            async () =>
            {
                await record.Store.AddFrameAsync(Make.Frame(session.Id, frames++), Ct);
                return recorder.HasExited;
            },
            "the recorder has noticed");

        RecorderRun run = await recorder.WaitAsync();
        Assert.Single(run.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("shadowcat: ", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>The reader has left before the first byte; <c>/dev/full</c> takes none at all.</summary>
    [Theory]
    [InlineData("\"$@\" | true; exit ${PIPESTATUS[0]}")]
    [InlineData("\"$@\" >/dev/full")]
    public async Task ListShowCountDelete_NobodyReads_SayItInASentenceAndFail(string script)
    {
        SkipWithoutUnix();
        Assert.SkipUnless(File.Exists("/dev/full") || !script.Contains("/dev/full", StringComparison.Ordinal), "needs /dev/full");
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await CreateAsync(record);
        await record.Store.AddFramesAsync(session.Id, [.. Enumerable.Range(0, 500).Select(i => Make.Frame(session.Id, i))], Ct);

        foreach (string[] arguments in (string[][])[["list"], ["show", session.Id.Value], ["show", session.Id.Value, "--raw"], ["count"], ["delete", session.Id.Value]])
        {
            await using RecorderProcess recorder = RecorderProcess.StartInBash(script, [.. arguments, "--redis", redis.Configuration]);
            RecorderRun run = await recorder.EndAsync();

            Assert.True(run.ExitCode == 1, $"{arguments[0]}: {run.ExitCode} {run.Errors}");
            Assert.StartsWith("shadowcat: ", run.Errors, StringComparison.Ordinal);
            Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Export_ReaderLeaves_IsNoSuccess()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await CreateAsync(record);
        byte[] payload = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
        await record.Store.AddFrameAsync(new MessageEnvelope(session.Id, MessageDirection.ServerToClient, TransportType.Stdio, payload, Make.At), Ct);
        await using RecorderProcess recorder = RecorderProcess.StartInShell("\"$@\" | head -c 1", "export", session.Id.Value, "--redis", redis.Configuration);

        RecorderRun run = await recorder.EndAsync();

        Assert.StartsWith("shadowcat: ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("exported", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_ReaderLeaves_EndsThoughItsInputIsOpen()
    {
        SkipWithoutUnix();
        await using var record = new RecordedStore(redis.Configuration);
        Session session = await CreateAsync(record);
        await AddAsync(MessageDirection.ClientToServer, """{"jsonrpc":"2.0","id":1,"method":"ping"}""");
        await AddAsync(MessageDirection.ServerToClient, """{"jsonrpc":"2.0","id":1,"result":{}}""");
        await using RecorderProcess recorder = RecorderProcess.StartInShell(FirstLine, "replay", session.Id.Value, "--redis", redis.Configuration);

        await Poll.UntilAsync(
            async () =>
            {
                try
                {
                    await recorder.Input.WriteAsync("""{"jsonrpc":"2.0","id":7,"method":"ping"}"""u8.ToArray(), Ct);
                    await recorder.Input.WriteAsync("\n"u8.ToArray(), Ct);
                    await recorder.Input.FlushAsync(Ct);
                }
                catch (IOException)
                {
                    // It has ended.
                }

                return recorder.HasExited;
            },
            "the recorder has noticed");

        RecorderRun run = await recorder.WaitAsync();
        Assert.Equal("{\"result\":{},\"id\":7,\"jsonrpc\":\"2.0\"}".Length + 1, run.Output.Length);

        async Task AddAsync(MessageDirection direction, string message) => await record.Store.AddFrameAsync(
            new MessageEnvelope(session.Id, direction, TransportType.Stdio, Encoding.UTF8.GetBytes(message), Make.At), Ct);
    }

    private static ValueTask<Session> CreateAsync(RecordedStore record) =>
        record.Store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio) { Tags = [record.Tag] }, Ct);

    private static void SkipWithoutUnix() => Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the programs of a Unix (sh, head)");
}
