using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>Compares a message with its counterpart, and their answers. Payloads are read where hashes differ.</summary>
internal sealed class MessageComparison(RecordedSide first, RecordedSide second, IgnoredPaths ignored)
{
    /// <summary>As much is kept of a value.</summary>
    private const int MaxLength = 1000;

    /// <summary>What stands in the place of a credential.</summary>
    private const string Replacement = "[redacted]";

    private readonly JsonDifferences _json = new(ignored);

    /// <summary>In what they differ; nothing where they are the same.</summary>
    public async Task<IReadOnlyList<RecordingDifference>> CompareAsync(MessageDigest one, MessageDigest other, CancellationToken cancellationToken)
    {
        List<RecordingDifference> found = [.. await CompareAsync(DifferenceKind.Message, one, other, cancellationToken)];
        if (one.Answer is { } answer && other.Answer is { } counterpart)
        {
            found.AddRange(await CompareAsync(DifferenceKind.Answer, answer, counterpart, cancellationToken));
        }
        else if (one.Answer is not null || other.Answer is not null || one.Status != other.Status)
        {
            found.Add(new RecordingDifference(DifferenceKind.Answer, one.Title)
            {
                From = Calls.Other(one.From),
                FirstSequence = one.Answer?.Sequence,
                SecondSequence = other.Answer?.Sequence,
                First = Answered(one),
                Second = Answered(other),
            });
        }

        return found;
    }

    private async Task<IReadOnlyList<RecordingDifference>> CompareAsync(DifferenceKind kind, MessageDigest one, MessageDigest other, CancellationToken cancellationToken)
    {
        if (one.Hash == other.Hash && one.Kind == other.Kind)
        {
            return [];
        }

        var difference = new RecordingDifference(kind, one.Title) { From = one.From, FirstSequence = one.Sequence, SecondSequence = other.Sequence };
        if (!one.IsWhole || !other.IsWhole)
        {
            return [difference with { Kind = DifferenceKind.NotComparable }];
        }

        var left = await first.ReadAsync(one.Sequence, cancellationToken);
        var right = await second.ReadAsync(other.Sequence, cancellationToken);
        if (one.Kind == MessageKind.Unparsed)
        {
            return [difference with { First = Shortened(Encoding.UTF8.GetString(left.Payload.Span)), Second = Shortened(Encoding.UTF8.GetString(right.Payload.Span)) }];
        }

        try
        {
            return
            [
                .. _json.Of(left.Payload, right.Payload)
                    .Where(found => !IsRedacted(left, found.First) && !IsRedacted(right, found.Second))
                    .Select(found => difference with { Path = found.Path, First = Shortened(found.First), Second = Shortened(found.Second) }),
            ];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It holds a text that is no Unicode.
            return [difference with { Kind = DifferenceKind.NotComparable }];
        }
    }

    /// <summary>What was taken out is not known, so it differs from nothing.</summary>
    private static bool IsRedacted(MessageEnvelope frame, string? value) =>
        (frame.Flags & MessageFlags.Redacted) != 0 && value?.Contains(Replacement, StringComparison.Ordinal) == true;

    private static string Answered(MessageDigest message) => message switch
    {
        { Answer.Kind: MessageKind.Error } => "an error",
        { Answer: not null } => "a result",
        { Status: { } status } => FormattableString.Invariant($"no answer, HTTP {status}"),
        _ => "no answer",
    };

    private static string? Shortened(string? text) => text is { Length: > MaxLength } ? text[..MaxLength] + "…" : text;
}
