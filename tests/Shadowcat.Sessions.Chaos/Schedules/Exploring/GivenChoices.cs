namespace Shadowcat.Sessions.Chaos.Schedules.Exploring;

/// <summary>Takes the steps that were written down.</summary>
internal sealed class GivenChoices(IReadOnlyList<Step> steps) : IChoices
{
    private int _next;

    public Step Choose(IReadOnlyList<Step> possible)
    {
        var step = _next < steps.Count ? steps[_next++] : throw new FormatException($"The schedule ends too early: possible are {string.Join(' ', possible)}.");
        return possible.Contains(step) ? step : throw new FormatException($"{step} is not possible as step {_next}: possible are {string.Join(' ', possible)}.");
    }
}
