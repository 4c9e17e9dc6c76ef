using System.Globalization;
using Shadowcat.Sessions.Tests.Sqlite;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>delete</c>, by ids and by conditions.</summary>
public sealed class DeleteCommandTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Delete_SeveralIds_DeletesWhatIsThereAndNamesWhatIsNot()
    {
        List<SessionId> ids = await RecordAsync(3);

        RecorderRun delete = await RunAsync("delete", ids[0].Value, "no-such-session", ids[2].Value);

        Assert.Equal(1, delete.ExitCode);
        Assert.Equal($"deleted {ids[0]}\ndeleted {ids[2]}\n", delete.Text);
        Assert.Equal("shadowcat: there is no session no-such-session\n", delete.Errors);
        Assert.Equal([ids[1]], await LeftAsync());
    }

    [Fact]
    public async Task Delete_ByConditions_AsksThenDeletesWhatMeetsThem()
    {
        List<SessionId> failed = await RecordAsync(7, SessionStatus.Failed);
        List<SessionId> open = await RecordAsync(2);

        RecorderRun refused = await RunAsync("delete", "--status", "failed");
        int before = (await LeftAsync()).Count;
        RecorderRun delete = await RunAsync("delete", "--status", "failed", "--yes");
        RecorderRun again = await RunAsync("delete", "--status", "failed", "--yes");

        Assert.Equal((1, 9), (refused.ExitCode, before));
        Assert.Contains("shadowcat: 7 sessions would be deleted", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("--yes", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(5, failed.Count(id => refused.Text.Contains(id.Value, StringComparison.Ordinal)));
        Assert.Contains("and 2 more", refused.Text, StringComparison.Ordinal);
        Assert.Equal(0, delete.ExitCode);
        Assert.EndsWith("\ndeleted 7 sessions\n", delete.Text, StringComparison.Ordinal);
        Assert.Equal((0, "deleted 0 sessions\n"), (again.ExitCode, again.Text));
        Assert.Equal(open.Order(), (await LeftAsync()).Order());
    }

    [Fact]
    public async Task Delete_Until_KeepsWhatIsYounger()
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        await RecordAsync(2, created: now.AddDays(-3));
        List<SessionId> young = await RecordAsync(1, created: now);

        RecorderRun delete = await RunAsync("delete", "--until", now.AddDays(-2).ToString("O", CultureInfo.InvariantCulture), "-y");

        Assert.Equal(0, delete.ExitCode);
        Assert.Equal(young, await LeftAsync());
    }

    [Fact]
    public async Task Delete_All_LeavesNothing()
    {
        await RecordAsync(150);
        await RecordAsync(1, tag: "mcp.sse-events");

        RecorderRun refused = await RunAsync("delete", "--all");
        RecorderRun delete = await RunAsync("delete", "--all", "--yes");

        Assert.Equal((1, 0), (refused.ExitCode, delete.ExitCode));
        Assert.EndsWith("\ndeleted 151 sessions\n", delete.Text, StringComparison.Ordinal);
        Assert.Empty(await LeftAsync());
        Assert.Equal("", delete.Errors);
    }

    [Theory]
    [InlineData("Name sessions by their ids", "delete")]
    [InlineData("Name sessions by their ids", "delete", "--yes")]
    [InlineData("Name sessions by their ids", "delete", "--yes", "--events")]
    [InlineData("Give either ids", "delete", "x", "--all")]
    [InlineData("Give either ids", "delete", "x", "--status", "failed")]
    [InlineData("Give either ids", "delete", "--all", "--until", "1d")]
    [InlineData("A session id", "delete", "a b")]
    public async Task Delete_WithoutAClearChoice_DeletesNothing(string error, params string[] arguments)
    {
        List<SessionId> ids = await RecordAsync(1);

        RecorderRun delete = await RunAsync(arguments);

        Assert.NotEqual(0, delete.ExitCode);
        Assert.Contains(error, delete.Errors, StringComparison.Ordinal);
        Assert.Equal(ids, await LeftAsync());
    }

    private Task<RecorderRun> RunAsync(params string[] arguments) => HostedRecorder.RunAsync([.. arguments, "--store", _file.Path]);

    private async Task<List<SessionId>> RecordAsync(int count, SessionStatus status = SessionStatus.Active, DateTimeOffset? created = null, string tag = "recorded")
    {
        await using var store = new SqliteSessionStore(_file.Path);
        List<SessionId> ids = [];
        for (int i = 0; i < count; i++)
        {
            Session session = await store.CreateSessionAsync(
                new Session(SessionId.New(), TransportType.Stdio) { Tags = [tag], CreatedAt = created ?? DateTimeOffset.UtcNow }, Ct);
            if (status != SessionStatus.Active)
            {
                await store.CloseSessionAsync(session.Id, status, cancellationToken: Ct);
            }

            ids.Add(session.Id);
        }

        return ids;
    }

    private async Task<List<SessionId>> LeftAsync()
    {
        await using var store = new SqliteSessionStore(_file.Path);
        return await ((ISessionStore)store).ListSessionsAsync(cancellationToken: Ct).Select(session => session.Id).ToListAsync(Ct);
    }
}
