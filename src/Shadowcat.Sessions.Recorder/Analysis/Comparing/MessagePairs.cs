namespace Shadowcat.Sessions.Recorder.Analysis.Comparing;

/// <summary>Finds the counterparts of messages in another recording: equal ones first; then those of the same method, in their order. What goes on at the same time has no order, so it is not compared.</summary>
internal static class MessagePairs
{
    /// <summary>Each message of either once, with its counterpart where it has one.</summary>
    public static IReadOnlyList<(MessageDigest? First, MessageDigest? Second)> Of(IReadOnlyList<MessageDigest> first, IReadOnlyList<MessageDigest> second)
    {
        List<(MessageDigest? First, MessageDigest? Second)> pairs = [];

        // Equal in what is asked and answered, then in what is asked, then of the same kind.
        Pair(ref first, ref second, static message => (message.From, message.Kind, message.Title, message.Hash, message.Answer?.Kind, message.Answer?.Hash), pairs);
        Pair(ref first, ref second, static message => (message.From, message.Kind, message.Title, message.Hash), pairs);
        Pair(ref first, ref second, static message => (message.From, message.Kind, message.Title), pairs);
        pairs.AddRange(first.Select(static message => ((MessageDigest?)message, (MessageDigest?)null)));
        pairs.AddRange(second.Select(static message => ((MessageDigest?)null, (MessageDigest?)message)));
        return [.. pairs.OrderBy(static pair => (pair.First ?? pair.Second)!.Sequence)];
    }

    private static void Pair<TKey>(
        ref IReadOnlyList<MessageDigest> first, ref IReadOnlyList<MessageDigest> second, Func<MessageDigest, TKey> key, List<(MessageDigest? First, MessageDigest? Second)> pairs)
        where TKey : notnull
    {
        var waiting = new Dictionary<TKey, Queue<MessageDigest>>();
        foreach (var message in second)
        {
            if (!waiting.TryGetValue(key(message), out var queue))
            {
                waiting[key(message)] = queue = [];
            }

            queue.Enqueue(message);
        }

        List<MessageDigest> alone = [];
        foreach (var message in first)
        {
            if (waiting.TryGetValue(key(message), out var queue) && queue.TryDequeue(out var counterpart))
            {
                pairs.Add((message, counterpart));
            }
            else
            {
                alone.Add(message);
            }
        }

        (first, second) = (alone, [.. waiting.Values.SelectMany(static queue => queue).OrderBy(static message => message.Sequence)]);
    }
}
