using System.Buffers;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>Reads an archive line by line, and holds each line to its check and to its place.</summary>
/// <param name="operation">What it is read for.</param>
/// <param name="source">Where from.</param>
/// <param name="maxFrameBytes">The greatest payload that is read.</param>
internal sealed class ArchiveReader(string operation, Stream source, int maxFrameBytes) : IDisposable
{
    private readonly LineReader _lines = new(source, ArchiveFormat.MaxLineBytes(maxFrameBytes));
    private readonly ArchiveCheck _check = new();
    private long _firstSequence;
    private long _sessionsBefore;
    private long _framesBefore;

    /// <summary>The check of the line read last.</summary>
    public ArchiveCheck Check => _check;

    /// <summary>How many lines were read.</summary>
    public long Line { get; private set; }

    /// <summary>Where the last line ended, counted from where the reading began.</summary>
    public long Offset => _lines.Offset;

    /// <summary>How many sessions ended so far.</summary>
    public long Sessions { get; private set; }

    /// <summary>How many frames there were so far.</summary>
    public long Frames { get; private set; }

    /// <summary>Whether the line read last is in an archive of many sessions, which has not ended.</summary>
    public bool IsInArchive { get; private set; }

    /// <summary>The session whose frames come, with the sequence they begin at; null between sessions.</summary>
    public (Session Session, long FirstSequence)? Current { get; private set; }

    /// <summary>The sequence that the next frame has.</summary>
    public long NextSequence { get; private set; }

    /// <summary>The frame read last in this session.</summary>
    public MessageEnvelope? Frame { get; private set; }

    /// <summary>What came behind the last complete line.</summary>
    public ReadOnlySpan<byte> Rest => _lines.Rest;

    /// <summary>Reads a line.</summary>
    /// <exception cref="SessionArchiveException">The line is damaged, or not where it belongs.</exception>
    public async ValueTask<ArchiveEntry> ReadAsync(CancellationToken cancellationToken)
    {
        Line++;
        try
        {
            if (await _lines.ReadAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                return Take(line);
            }

            Line--;
            return ArchiveEntry.None;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or ArgumentException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw Fault(exception.Message, exception);
        }
    }

    /// <summary>Says what is wrong with the line read last.</summary>
    public SessionArchiveException Fault(string message, Exception? cause = null) => Fault(Math.Max(1, Line), message, cause);

    /// <summary>Says what is wrong with a line of the session that is read.</summary>
    public SessionArchiveException Fault(long line, string message, Exception? cause = null) => new(operation, Current?.Session.Id, line, message, cause);

    public void Dispose() => _check.Dispose();

    private ArchiveEntry Take(ReadOnlySequence<byte> bytes)
    {
        var line = ArchivedLine.Parse(bytes, maxFrameBytes);
        var entry = line.Entry;
        var isFirst = entry is ArchiveEntry.Archive or ArchiveEntry.Session;
        if (isFirst)
        {
            line.RequireVersion();
        }

        if (!_check.Verify(bytes, isFirst))
        {
            throw new FormatException("the check is not that of the line, or of the lines before it: the archive is damaged");
        }

        Place(entry, line);
        return entry;
    }

    private void Place(ArchiveEntry entry, ArchivedLine line)
    {
        if (entry is ArchiveEntry.Frame or ArchiveEntry.SessionEnd != Current is not null || (entry == ArchiveEntry.ArchiveEnd && !IsInArchive) || (entry == ArchiveEntry.Archive && IsInArchive))
        {
            throw new FormatException($"a line of this type ({entry}) does not belong here: lines are missing");
        }

        switch (entry)
        {
            case ArchiveEntry.Archive:
                (IsInArchive, _sessionsBefore, _framesBefore) = (true, Sessions, Frames);
                break;
            case ArchiveEntry.Session:
                Begin(line.ToSession(), line.FirstSequence);
                break;
            case ArchiveEntry.Frame:
                Add(line.ToFrame());
                break;
            case ArchiveEntry.SessionEnd:
                End(line);
                break;
            default:
                Require(line.Sessions == Sessions - _sessionsBefore && line.Frames == Frames - _framesBefore, "the archive does not have as many sessions or frames as it says");
                IsInArchive = false;
                break;
        }
    }

    private void Begin(Session session, long firstSequence)
    {
        Require(firstSequence is >= 0 and <= SessionStoreLimits.MaxFirstSequence, "'first_seq' is out of bounds");
        Current = (session, firstSequence);
        (_firstSequence, NextSequence, Frame) = (firstSequence, firstSequence, null);
    }

    private void Add(MessageEnvelope frame)
    {
        Require(frame.SessionId == Current!.Value.Session.Id, "the frame is of another session");
        Require(frame.Sequence == NextSequence, $"frame {NextSequence} should stand here, and not frame {frame.Sequence}");
        Frame = frame;
        NextSequence++;
        Frames++;
    }

    private void End(ArchivedLine line)
    {
        Require(line.SessionId == Current!.Value.Session.Id, "the end is of another session");
        Require(line.Frames == NextSequence - _firstSequence, "the session does not have as many frames as its end says");
        Current = null;
        Sessions++;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new FormatException(message);
        }
    }
}
