namespace Shadowcat.Sessions;

/// <summary>What an export that was interrupted left in its destination; nothing, where it begins.</summary>
internal sealed class UnfinishedArchive : IDisposable
{
    private readonly Stream _destination;

    private UnfinishedArchive(Stream destination, string operation, int maxFrameBytes)
    {
        _destination = destination;
        Reader = new ArchiveReader(operation, destination, maxFrameBytes);
    }

    /// <summary>Stands behind the last complete line.</summary>
    public ArchiveReader Reader { get; }

    /// <summary>The sessions that are complete.</summary>
    public HashSet<SessionId> Sessions { get; } = [];

    /// <summary>Whether there is nothing yet.</summary>
    public bool IsEmpty => Reader.Line == 0;

    /// <summary>Whether the archive is of many sessions, and has its end.</summary>
    public bool HasEnd { get; private set; }

    private static ReadOnlySpan<byte> SessionOpening => "{\"type\":\"meta\",\"v\":"u8;

    private static ReadOnlySpan<byte> ArchiveOpening => "{\"type\":\"archive\",\"v\":"u8;

    /// <summary>Reads what is there, and changes nothing.</summary>
    /// <exception cref="SessionArchiveException">What is there is no archive, or is damaged.</exception>
    /// <exception cref="ArgumentException">Something is there, and cannot be read.</exception>
    public static async Task<UnfinishedArchive> ReadAsync(Stream destination, string operation, int maxFrameBytes, CancellationToken cancellationToken)
    {
        var archive = new UnfinishedArchive(destination, operation, maxFrameBytes);
        if (destination.CanSeek && destination.Length > 0)
        {
            await archive.ReadAsync(destination, cancellationToken).ConfigureAwait(false);
        }

        return archive;
    }

    /// <summary>Cuts off a line that was not completed, so that the next one can be written.</summary>
    public void CutOff()
    {
        if (_destination.CanSeek)
        {
            _destination.SetLength(Reader.Offset);
            _destination.Position = Reader.Offset;
        }
    }

    public void Dispose() => Reader.Dispose();

    private async Task ReadAsync(Stream destination, CancellationToken cancellationToken)
    {
        if (!destination.CanRead)
        {
            throw new ArgumentException("The destination has something in it; to be continued it must be readable.", nameof(destination));
        }

        destination.Position = 0;
        for (ArchiveEntry entry; (entry = await Reader.ReadAsync(cancellationToken).ConfigureAwait(false)) != ArchiveEntry.None;)
        {
            HasEnd = entry == ArchiveEntry.ArchiveEnd;
            if (entry == ArchiveEntry.Session)
            {
                Sessions.Add(Reader.Current!.Value.Session.Id);
            }
        }

        if (Reader.Current is { } current)
        {
            Sessions.Remove(current.Session.Id);
        }

        if (IsEmpty && !IsBeginning(Reader.Rest))
        {
            throw Reader.Fault("the destination has something else in it, which is left as it is");
        }
    }

    private static bool IsBeginning(ReadOnlySpan<byte> line) =>
        SessionOpening.StartsWith(line) || line.StartsWith(SessionOpening) || ArchiveOpening.StartsWith(line) || line.StartsWith(ArchiveOpening);
}
