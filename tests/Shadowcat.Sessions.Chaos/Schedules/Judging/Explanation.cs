namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>One order of calls, up to now, that would explain what was seen.</summary>
/// <param name="Order">The calls in their order; null where the session expired.</param>
/// <param name="Results">How each ended the first time.</param>
/// <param name="View">What is seen after them.</param>
/// <param name="CreatedBy">The call that created the newest generation; null where that was there at the beginning.</param>
internal sealed record Explanation(IReadOnlyList<Call?> Order, IReadOnlyDictionary<Call, string> Results, string View, Call? CreatedBy)
{
    /// <summary>The order as text: explanations of one history are the same where this is.</summary>
    public string Key => string.Join(' ', Order.Select(call => call?.Number ?? 0));

    public bool Has(Call call) => Results.ContainsKey(call);
}
