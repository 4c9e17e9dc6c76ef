namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>One order of calls, up to now, that would explain what was seen.</summary>
/// <param name="Order">The calls in their order; null where the session expired.</param>
/// <param name="Results">How each ended the first time.</param>
/// <param name="View">What is seen after them.</param>
/// <param name="Generations">How many sessions were created by them.</param>
/// <param name="Limits">Up to which of these a call may still take effect whose caller was told that the outcome is unknown.</param>
internal sealed record Explanation(
    IReadOnlyList<Call?> Order, IReadOnlyDictionary<Call, string> Results, string View, int Generations, IReadOnlyDictionary<Call, int> Limits)
{
    /// <summary>The order as text: explanations of one history are the same where this is.</summary>
    public string Key => string.Join(' ', Order.Select(call => call?.Number ?? 0));

    public bool Has(Call call) => Results.ContainsKey(call);

    /// <summary>As it is, once the caller is told that the outcome is unknown: if it takes effect later, then in a generation of now.</summary>
    public Explanation Limit(Call call) => this with { Limits = new Dictionary<Call, int>(Limits) { [call] = Generations } };
}
