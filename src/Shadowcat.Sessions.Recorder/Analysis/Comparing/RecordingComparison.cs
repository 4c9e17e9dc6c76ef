namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>Compares two recordings. Each is read once; then the payloads of those messages alone that are not the same.</summary>
internal sealed class RecordingComparison
{
    /// <summary>Further differences are counted only.</summary>
    private const int MaxListed = 1000;

    private readonly List<RecordingDifference> _differences = [];
    private readonly MessageComparison _messages;
    private int _same;
    private int _differing;

    private RecordingComparison(MessageComparison messages) => _messages = messages;

    /// <summary>Compares them.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    /// <param name="ignored">What is not compared.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<DifferenceReport> RunAsync(RecordedSide first, RecordedSide second, IgnoredPaths ignored, CancellationToken cancellationToken)
    {
        var hash = new MessageHash(ignored);
        var one = await RecordingDigest.ReadAsync(first.ReadAsync(cancellationToken), hash, cancellationToken);
        var other = await RecordingDigest.ReadAsync(second.ReadAsync(cancellationToken), hash, cancellationToken);
        var comparison = new RecordingComparison(new MessageComparison(first, second, ignored));
        comparison._differences.AddRange(SessionDifferences.Of(first.Session, second.Session));
        foreach (var (message, counterpart) in MessagePairs.Of(one.Messages, other.Messages))
        {
            await comparison.CompareAsync(message, counterpart, cancellationToken);
        }

        return new DifferenceReport(first, second, comparison._same, comparison._differing, comparison._differences);
    }

    private async Task CompareAsync(MessageDigest? first, MessageDigest? second, CancellationToken cancellationToken)
    {
        if (first is { } one && second is { } other)
        {
            var found = await _messages.CompareAsync(one, other, cancellationToken);
            if (found.Count == 0)
            {
                _same++;
                return;
            }

            List(found);
        }
        else
        {
            var message = (first ?? second)!;
            List([
                new RecordingDifference(first is null ? DifferenceKind.OnlyInSecond : DifferenceKind.OnlyInFirst, message.Title)
                {
                    From = message.From,
                    FirstSequence = first?.Sequence,
                    SecondSequence = second?.Sequence,
                },
            ]);
        }

        _differing++;
    }

    private void List(IEnumerable<RecordingDifference> found) => _differences.AddRange(found.Take(Math.Max(0, MaxListed - _differences.Count)));
}
