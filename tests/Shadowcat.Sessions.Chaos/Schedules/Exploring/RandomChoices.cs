namespace Shadowcat.Sessions.Chaos.Schedules.Exploring;

/// <summary>Chooses at random, repeatably.</summary>
internal sealed class RandomChoices(Random random) : IChoices
{
    public Step Choose(IReadOnlyList<Step> possible) => possible[random.Next(possible.Count)];
}
