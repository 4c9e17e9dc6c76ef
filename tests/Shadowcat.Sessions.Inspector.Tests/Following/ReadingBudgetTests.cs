using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Inspector.Tests.Following;

/// <summary>How fast pages read that are behind.</summary>
public sealed class ReadingBudgetTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Use_ByTwo_LetsThemWaitForEachOther()
    {
        var budget = new ReadingBudget(_clock);

        var (one, other) = (budget.Use(ReadingBudget.FramesPerSecond / 4), budget.Use(ReadingBudget.FramesPerSecond / 4));

        Assert.Equal((TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5)), (one, other));
    }

    [Fact]
    public void Use_AfterAPause_OwesNothing()
    {
        var budget = new ReadingBudget(_clock);
        budget.Use(ReadingBudget.FramesPerSecond);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(TimeSpan.FromSeconds(0.25), budget.Use(ReadingBudget.FramesPerSecond / 4));
    }
}
