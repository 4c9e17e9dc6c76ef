namespace Shadowcat.Sessions.Chaos.Schedules.Exploring;

/// <summary>Decides what happens next, wherever more than one thing can.</summary>
internal interface IChoices
{
    /// <summary>Chooses one of the steps that are possible, of which there is at least one.</summary>
    Step Choose(IReadOnlyList<Step> possible);
}
