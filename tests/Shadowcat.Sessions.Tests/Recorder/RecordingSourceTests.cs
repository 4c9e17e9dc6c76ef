using Shadowcat.Sessions.Recorder.Commands;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Tests.Sqlite;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What a command is given to look at.</summary>
public sealed class RecordingSourceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public async Task Archive_OfAnySize_IsReadAndLeavesNothingBehind(long maxBytesInMemory)
    {
        using var file = new TemporaryFile();
        using var store = new TemporaryFile();
        HandMade made = HandMade.WithHandshake();
        await made.ExportAsync(file.Path);
        HashSet<string> before = Folders();

        await using (RecordingSource source = await RecordingSource.OpenAsync(file.Path, Location(store), Ct, maxBytesInMemory))
        {
            Assert.Equal((made.Session.Id, file.Path), (source.Single().Id, source.File));
            Assert.Equal("initialize", (await source.Store.GetFramesAsync(made.Session.Id, cancellationToken: Ct).FirstAsync(Ct)).Method);
        }

        await NoneIsLeftAsync(before);
        Assert.False(File.Exists(store.Path));
    }

    [Fact]
    public async Task LargeArchive_ThatIsNone_LeavesNothingBehind()
    {
        using var file = new TemporaryFile();
        await File.WriteAllTextAsync(file.Path, "this is no archive\n", Ct);
        HashSet<string> before = Folders();

        await Assert.ThrowsAsync<SessionArchiveException>(() => RecordingSource.OpenAsync(file.Path, Location(file), Ct, maxBytesInMemory: 0));

        await NoneIsLeftAsync(before);
    }

    [Fact]
    public async Task Archive_OfSeveralSessions_IsNotOne()
    {
        using var file = new TemporaryFile();
        var store = new InMemorySessionStore();
        await HandMade.WithHandshake().SaveAsync(store);
        await HandMade.WithHandshake().SaveAsync(store);
        await using (FileStream archive = SessionArchive.OpenFile(file.Path))
        {
            await store.ExportSessionsAsync(filter: null, archive, cancellationToken: Ct);
        }

        await using RecordingSource source = await RecordingSource.OpenAsync(file.Path, Location(file), Ct);

        Assert.Equal(2, source.Sessions.Count);
        Assert.Contains("holds 2 sessions", Assert.Throws<IOException>(source.Single).Message, StringComparison.Ordinal);
    }

    private static HashSet<string> Folders() => [.. Directory.GetDirectories(Path.GetTempPath(), "shadowcat-archive-*")];

    /// <summary>Another recorder of this machine may have one for a while.</summary>
    private static Task NoneIsLeftAsync(HashSet<string> before) => Poll.UntilAsync(() => Task.FromResult(Folders().IsSubsetOf(before)), "the folder of the archive is gone");

    private static StoreLocation Location(TemporaryFile file) => new(Redis: null, KeyPrefix: null, file.Path);
}
