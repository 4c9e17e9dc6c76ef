namespace Shadowcat.Sessions.Aot.Stores;

/// <summary>Sessions go out of one store and into another.</summary>
internal static class ArchiveCalls
{
    public static async Task MakeAsync(DirectoryInfo folder)
    {
        var (source, target) = (new InMemorySessionStore(), new InMemorySessionStore());
        var session = await source.CreateSessionAsync(Samples.Session());
        await source.AddFrameAsync(Samples.Frame(session.Id));

        using var one = new MemoryStream();
        var progress = new Last();
        var written = await source.ExportSessionAsync(session.Id, one, progress);
        Check.That(written is { Sessions: 1, Frames: 1, Bytes: > 0 } && progress.Value == written);
        var path = Path.Combine(folder.FullName, "archive.jsonl");
        await using (var all = File.Create(path))
        {
            Check.Equal(1L, (await source.ExportSessionsAsync(SessionFilter.None, all)).Sessions);
        }

        await using var file = SessionArchive.OpenFile(path);
        var read = await target.ImportSessionsAsync(file, new SessionImportOptions { KeepOwner = true, MaxFrameBytes = 1000 });
        Check.Equal(new SessionArchiveProgress(read.Sessions, read.Frames, read.Bytes), read);
        Check.That(read is { Sessions: 1, Frames: 1 });
        Check.Equal(Samples.Owner, (await target.GetSessionAsync(session.Id))!.Owner);
    }

    private sealed class Last : IProgress<SessionArchiveProgress>
    {
        public SessionArchiveProgress Value { get; private set; }

        public void Report(SessionArchiveProgress value) => Value = value;
    }
}
