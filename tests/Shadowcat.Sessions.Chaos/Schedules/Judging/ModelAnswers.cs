namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>What the model says of an order of calls. It is asked once: the schedules of a plan differ in little.</summary>
internal sealed class ModelAnswers
{
    /// <summary>How many are kept. A plan has fewer, and the next one asks for others.</summary>
    private const int Most = 100_000;

    private readonly Dictionary<string, (string Result, string View)> _known = new(StringComparer.Ordinal);

    /// <summary>Says how the last of some calls ends, and what is seen then.</summary>
    /// <param name="id">The session.</param>
    /// <param name="order">The calls in their order; null where the session expires.</param>
    public async ValueTask<(string Result, string View)> OfAsync(SessionId id, IReadOnlyList<Call?> order)
    {
        var key = string.Join(' ', order.Select(call => call?.Key ?? "-"));
        if (_known.TryGetValue(key, out var known))
        {
            return known;
        }

        var model = await Model.StartAsync(id);
        var result = "";
        foreach (var call in order)
        {
            result = "";
            if (call is null)
            {
                await model.ExpireAsync();
            }
            else
            {
                result = await model.ApplyAsync(call);
            }
        }

        if (_known.Count == Most)
        {
            _known.Clear();
        }

        return _known[key] = (result, await model.ViewAsync());
    }
}
