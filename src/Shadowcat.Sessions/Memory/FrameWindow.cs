namespace Shadowcat.Sessions;

/// <summary>The frames a session keeps: a window that grows at its end and is trimmed at its beginning.</summary>
internal sealed class FrameWindow(long firstSequence)
{
    private readonly List<IdempotentFrame?> _frames = [];

    /// <summary>How many entries at the beginning of the list are already trimmed; compacted when they are the greater half.</summary>
    private int _trimmed;

    /// <summary>The sequence of the oldest frame kept; equals <see cref="End"/> where none is.</summary>
    public long First { get; private set; } = firstSequence;

    /// <summary>The sequence the next frame gets.</summary>
    public long End { get; private set; } = firstSequence;

    public long Count => End - First;

    public long Bytes { get; private set; }

    public IdempotentFrame this[long sequence] => _frames[checked((int)(sequence - First)) + _trimmed]!;

    /// <summary>Where the frame with a key stands, looked for from a sequence on; null where it does not.</summary>
    public long? Find(ulong key, long since)
    {
        for (var sequence = Math.Max(since, First); sequence < End; sequence++)
        {
            if (this[sequence].Key == key)
            {
                return sequence;
            }
        }

        return null;
    }

    public void Add(IdempotentFrame frame)
    {
        _frames.Add(frame);
        Bytes += FrameSize.Of(frame.Envelope);
        End++;
    }

    public long TrimTo(long first)
    {
        var removed = 0L;
        while (First < first && First < End)
        {
            RemoveFirst();
            removed++;
        }

        return removed;
    }

    /// <summary>Makes the window fit its bounds again; the newest frame stays whatever its size.</summary>
    public void Fit(long? maxFrames, long? maxBytes)
    {
        while (Count > maxFrames || (Bytes > maxBytes && Count > 1))
        {
            RemoveFirst();
        }
    }

    private void RemoveFirst()
    {
        Bytes -= FrameSize.Of(this[First].Envelope);
        _frames[_trimmed] = null;
        First++;
        _trimmed++;
        if (_trimmed * 2 > _frames.Count)
        {
            _frames.RemoveRange(0, _trimmed);
            _trimmed = 0;
        }
    }
}
