namespace Shadowcat.Sessions.Tests.Memory;

/// <summary>A session that is trimmed at its beginning for as long as it grows at its end needs no more memory than what it keeps.</summary>
public sealed class FrameWindowTests
{
    private const int Appends = 100_000;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public void Fit_ForEver_AllocatesOnlyForWhatIsKept(int kept)
    {
        var window = new FrameWindow(firstSequence: 0);
        var frame = new IdempotentFrame(Make.Frame(SessionId.New()));
        Append(window, frame, kept, count: 1000);

        // Each frame is measured when it comes and when it goes.
        var measuring = Allocated(() => Measure(frame, 2 * Appends));
        var appending = Allocated(() => Append(window, frame, kept, Appends));

        // The places of all that was appended would take eight times as much.
        Assert.InRange(appending - measuring, -Appends, Appends);
        Assert.Equal((kept, kept * FrameSize.Of(frame.Envelope)), (window.Count, window.Bytes));
        Assert.Same(frame, window[window.First]);
        Assert.Same(frame, window[window.End - 1]);
    }

    private static long Allocated(Action act)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Measure(IdempotentFrame frame, int times)
    {
        for (var i = 0; i < times; i++)
        {
            FrameSize.Of(frame.Envelope);
        }
    }

    private static void Append(FrameWindow window, IdempotentFrame frame, int kept, int count)
    {
        for (var i = 0; i < count; i++)
        {
            window.Add(frame);
            window.Fit(kept, maxBytes: null);
        }
    }
}
