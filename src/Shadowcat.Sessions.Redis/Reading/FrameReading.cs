using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions;

/// <summary>Makes frames of the pages that a store reads: lent ones, or ones that may be kept.</summary>
/// <param name="operation">What the caller asked for.</param>
/// <param name="id">The session.</param>
/// <param name="open">Begins to read; once for each enumeration.</param>
internal sealed class FrameReading(string operation, SessionId id, Func<CancellationToken, IFramePages> open)
{
    /// <summary>Begins one enumeration.</summary>
    public IFramePages Open(CancellationToken cancellationToken) => open(cancellationToken);

    /// <summary>The frames, each with a copy of its payload.</summary>
    public async IAsyncEnumerable<MessageEnvelope> OwnAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var repeated = new RepeatedText();
        using var pages = open(cancellationToken);
        while (await pages.NextAsync().ConfigureAwait(false) is { } page)
        {
            using (page)
            {
                for (var i = 0; i < page.Count; i++)
                {
                    yield return Stored(page, i, repeated).ToEnvelope(id, page.First + i);
                }
            }
        }
    }

    /// <summary>The frames, each lent until the next one is asked for.</summary>
    public IAsyncEnumerable<BorrowedFrame> Lend(CancellationToken cancellationToken) => new LentFrames(this, cancellationToken);

    /// <summary>Lends one frame of a page.</summary>
    public BorrowedFrame Lend(FramePage page, int index, RepeatedText repeated) => new(id, page.First + index, Stored(page, index, repeated));

    private FrameReader Stored(FramePage page, int index, RepeatedText repeated)
    {
        if (page[index].IsEmpty)
        {
            var sequence = page.First + index;
            throw new FramesLostException(operation, id, sequence, $"frame {sequence} was lost by the server. Reading may go on behind it, at {sequence + 1}.");
        }

        try
        {
            return new FrameReader(page[index], repeated);
        }
        catch (FrameFormatException exception)
        {
            throw new SessionSerializationException(operation, id, exception.Message, exception.FormatVersion, page.First + index, exception);
        }
    }
}
