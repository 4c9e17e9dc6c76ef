namespace Shadowcat.Sessions.Chaos.Schedules.Exploring;

/// <summary>Takes the steps that were written down, and behind them whatever is possible first.</summary>
internal sealed class GivenChoices(IReadOnlyList<Step> steps) : IChoices
{
    private int _next;

    public Step Choose(IReadOnlyList<Step> possible)
    {
        if (_next == steps.Count)
        {
            return possible[0];
        }

        var step = steps[_next++];
        return possible.Contains(step) ? step : throw new FormatException($"{step} is not possible as step {_next}: possible are {string.Join(' ', possible)}.");
    }
}
