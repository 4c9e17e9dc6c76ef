using System.Globalization;
using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Inspector;

/// <summary>A store in which a session has some of its frames only: those that an export is to have. A recording has no holes, so they are counted anew; which frame each was stands in its metadata.</summary>
internal sealed class ChosenFrames : DelegatingSessionStore
{
    private const string SequenceKey = "selection.sequence";

    private readonly SessionId _id;

    /// <summary>The ranges that are there: where each begins in the recording and in the selection, and how many frames it has.</summary>
    private readonly List<(long Recorded, long Chosen, long Count)> _parts = [];

    public ChosenFrames(ISessionStore inner, Session session, IEnumerable<FrameRange> ranges)
        : base(inner)
    {
        _id = session.Id;
        foreach (var range in ranges)
        {
            var start = Math.Max(range.Start!.Value, session.FirstSequence);
            var end = Math.Min(range.Start.Value + range.Count!.Value, session.FrameCount);
            if (start < end)
            {
                _parts.Add((start, Count, end - start));
                Count += end - start;
            }
        }
    }

    /// <summary>How many frames there are.</summary>
    private long Count { get; }

    public override async ValueTask<Session?> GetSessionAsync(SessionId id, CancellationToken cancellationToken = default) =>
        await base.GetSessionAsync(id, cancellationToken).ConfigureAwait(false) is not { } session ? null
        : id == _id ? session with { FrameCount = Count, FirstSequence = 0 }
        : session;

    public override IAsyncEnumerable<MessageEnvelope> GetFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        id == _id ? ReadAsync(range, cancellationToken) : base.GetFramesAsync(id, range, cancellationToken);

    public override IAsyncEnumerable<BorrowedFrame> BorrowFramesAsync(SessionId id, FrameRange range = default, CancellationToken cancellationToken = default) =>
        GetFramesAsync(id, range, cancellationToken).Borrow();

    public override ValueTask<long> CountFramesAsync(SessionId id, CancellationToken cancellationToken = default) =>
        id == _id ? new(Count) : base.CountFramesAsync(id, cancellationToken);

    private async IAsyncEnumerable<MessageEnvelope> ReadAsync(FrameRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var start = range.Start ?? (range.IsFromEnd ? Math.Max(0, Count - range.Count!.Value) : 0);
        var end = range.Count is { } count && count < Count - start ? start + count : Count;
        foreach (var part in _parts)
        {
            var from = Math.Max(start, part.Chosen);
            var to = Math.Min(end, part.Chosen + part.Count);
            if (from < to)
            {
                await foreach (var frame in InnerStore.GetFramesAsync(_id, FrameRange.From(part.Recorded + (from - part.Chosen), to - from), cancellationToken).ConfigureAwait(false))
                {
                    yield return frame with { Sequence = from++, Metadata = Named(frame) };
                }
            }
        }
    }

    private static FrameMetadata Named(MessageEnvelope frame) => frame.Metadata.Count == FrameMetadata.MaxCount || frame.Metadata.ContainsKey(SequenceKey)
        ? frame.Metadata
        : FrameMetadata.Create(frame.Metadata.Append(new(SequenceKey, frame.Sequence.ToString(CultureInfo.InvariantCulture))));
}
