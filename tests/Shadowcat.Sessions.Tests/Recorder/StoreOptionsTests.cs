using System.Globalization;
using Shadowcat.Sessions.Tests.Servers;
using Shadowcat.Sessions.Tests.Sqlite;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>Which store the recorder keeps sessions in, and which of them it lists.</summary>
public sealed class StoreOptionsTests(RedisFixture redis)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Record_IntoAFile_IsListedAndShownFromIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a program of a Unix (cat) to stand behind the recorder");
        using var temporary = new TemporaryFile();

        RecorderRun record = await RecorderProcess.RunAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}"""u8.ToArray(), "record", "--store", temporary.Path, "--", "cat");
        RecorderRun list = await RecorderProcess.RunWithAsync("SHADOWCAT_STORE", temporary.Path, "list");

        Assert.True(record.ExitCode == 0, record.Errors);
        await using var store = new SqliteSessionStore(temporary.Path);
        Session session = Assert.Single(await ((ISessionStore)store).ListSessionsAsync(cancellationToken: Ct).ToListAsync(Ct));
        Assert.Equal(SessionStatus.Completed, session.Status);
        Assert.Contains(session.Id.Value, list.Text, StringComparison.Ordinal);
        RecorderRun show = await HostedRecorder.RunAsync("show", session.Id.Value, "--store", temporary.Path);
        Assert.Contains("ping", show.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_IntoAFile_RemovesWhatHasExpired()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a program of a Unix (true) to stand behind the recorder");
        using var temporary = new TemporaryFile();
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow - TimeSpan.FromDays(2));
        await using (var earlier = new SqliteSessionStore(new SqliteSessionStoreOptions { Path = temporary.Path }, timeProvider: clock))
        {
            await earlier.CreateSessionAsync(Make.Session() with { TimeToLive = TimeSpan.FromHours(1) }, Ct);
        }

        RecorderRun record = await RecorderProcess.RunAsync(default, "record", "--store", temporary.Path, "--", "true");

        Assert.True(record.ExitCode == 0, record.Errors);
        await using var store = new SqliteSessionStore(temporary.Path);
        Assert.Equal(0, await store.ReapExpiredSessionsAsync(Ct));
    }

    [Fact]
    public async Task Option_BesideTheEnvironment_GoesFirst()
    {
        using var temporary = new TemporaryFile();

        RecorderRun count = await HostedRecorder.RunWithAsync("SHADOWCAT_REDIS", redis.Configuration, "count", "--store", temporary.Path);

        Assert.True(count.ExitCode == 0, count.Errors);
        Assert.Equal("0", count.Text.Trim());
    }

    [Fact]
    public async Task KeyPrefix_OfRedis_IsAStoreOfItsOwn()
    {
        string prefix = $"recorder-{Guid.NewGuid():N}";

        RecorderRun count = await HostedRecorder.RunAsync("count", "--redis", redis.Configuration, "--key-prefix", prefix);

        Assert.True(count.ExitCode == 0, count.Errors);
        Assert.Equal("0", count.Text.Trim());
    }

    [Theory]
    [InlineData("list")]
    [InlineData("record", "--", "cat")]
    [InlineData("demo")]
    public async Task AnyCommand_TwoStores_IsRefused(params string[] arguments)
    {
        RecorderRun run = await HostedRecorder.RunAsync([arguments[0], "--redis", "127.0.0.1:1", "--store", "x", .. arguments[1..]]);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Name one store", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCommand_FileThatIsNone_SaysSoInASentence()
    {
        using var temporary = new TemporaryFile();
        await File.WriteAllTextAsync(temporary.Path, "this is no database, and it is long enough to be looked at as one", Ct);

        RecorderRun run = await HostedRecorder.RunAsync("list", "--store", temporary.Path);

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("shadowcat: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains(temporary.Path, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_WithConditions_ShowsWhatMeetsAllOfThem()
    {
        using var temporary = new TemporaryFile();
        var now = DateTimeOffset.UtcNow;
        Session wanted;
        await using (var store = new SqliteSessionStore(temporary.Path))
        {
            wanted = await store.CreateSessionAsync(Described(now - TimeSpan.FromMinutes(30), "claude", "files", "alice"), Ct);
            await store.CreateSessionAsync(Described(now - TimeSpan.FromMinutes(30), "cursor", "files", "alice"), Ct);
            await store.CreateSessionAsync(Described(now - TimeSpan.FromMinutes(30), "claude", "search", "alice"), Ct);
            await store.CreateSessionAsync(Described(now - TimeSpan.FromMinutes(30), "claude", "files", "bob"), Ct);
            await store.CreateSessionAsync(Described(now - TimeSpan.FromHours(5), "claude", "files", "alice"), Ct);
            await store.CloseSessionAsync((await store.CreateSessionAsync(Described(now, "claude", "files", "alice"), Ct)).Id, SessionStatus.Failed, cancellationToken: Ct);
        }

        string until = now.AddMinutes(-1).ToString("O", CultureInfo.InvariantCulture);
        string[] list = ["list", "--store", temporary.Path];
        RecorderRun chosen = await HostedRecorder.RunAsync([.. list, "--client", "claude", "--server", "files", "--owner", "alice", "--since", "2h", "--until", until]);
        RecorderRun failed = await HostedRecorder.RunAsync([.. list, "--status", "failed", "--state", "closed"]);
        RecorderRun wrong = await HostedRecorder.RunAsync([.. list, "--since", "tomorrow"]);

        Assert.Equal(1, Rows(chosen));
        Assert.Contains(wanted.Id.Value, chosen.Text, StringComparison.Ordinal);
        Assert.Equal(1, Rows(failed));
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("'tomorrow' is neither", wrong.Errors, StringComparison.Ordinal);
    }

    private static Session Described(DateTimeOffset created, string client, string server, string owner) => new(SessionId.New(), TransportType.Stdio)
    {
        CreatedAt = created,
        ClientInfo = Peer.Create(client, "1"),
        ServerInfo = Peer.Create(server, "1"),
        Owner = new SessionOwner("sub", owner, "https://issuer.example"),
    };

    private static int Rows(RecorderRun list) => list.Text.Split('\n').Count(line => line.Contains("claude", StringComparison.Ordinal) || line.Contains("cursor", StringComparison.Ordinal));
}
