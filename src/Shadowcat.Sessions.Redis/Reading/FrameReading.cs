using System.Runtime.CompilerServices;

namespace Shadowcat.Sessions.Redis;

/// <summary>Makes frames of the pages that a store reads: borrowed ones, or ones that may be kept.</summary>
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
        var decoder = new StoredTextDecoder();
        using var pages = open(cancellationToken);
        while (await pages.NextAsync().ConfigureAwait(false) is { } page)
        {
            using (page)
            {
                for (var i = 0; i < page.Count; i++)
                {
                    yield return Borrow(page, i, decoder).ToEnvelope();
                }
            }
        }
    }

    /// <summary>The frames, each borrowed until the next one is asked for.</summary>
    public IAsyncEnumerable<BorrowedFrame> Borrow(CancellationToken cancellationToken) => new BorrowedFrames(this, cancellationToken);

    /// <summary>Borrows one frame of a page.</summary>
    public BorrowedFrame Borrow(FramePage page, int index, FrameDecoder decoder)
    {
        if (page[index].IsEmpty)
        {
            var sequence = page.First + index;
            throw new FramesLostException(operation, id, sequence, $"frame {sequence} was lost by the server. Reading may go on behind it, at {sequence + 1}.");
        }

        try
        {
            return new FrameReader(page[index]).Borrow(id, page.First + index, decoder);
        }
        catch (FrameFormatException exception)
        {
            throw new SessionSerializationException(operation, id, exception.Message, exception.FormatVersion, page.First + index, exception);
        }
    }
}
