namespace Shadowcat.Sessions.Inspector.Tests.Following;

/// <summary>How fast followings read.</summary>
public sealed class ReadingBudgetTests
{
    private readonly ReadingBudget _budget = new();

    [Fact]
    public void PauseAfter_OfTwoThatAreBehind_IsTwiceThatOfOne()
    {
        _budget.Note("one", 0, isBehind: true);
        var alone = _budget.PauseAfter(ReadingBudget.FramesPerSecond / 4);
        _budget.Note("other", 0, isBehind: true);
        var shared = _budget.PauseAfter(ReadingBudget.FramesPerSecond / 4);

        Assert.Equal((TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(0.5)), (alone, shared));
    }

    [Fact]
    public void PauseAfter_BesideThoseThatReadLittle_IsThatOfOne()
    {
        _budget.Note("one", 0, isBehind: true);
        _budget.Note("quiet", 10, isBehind: false);

        Assert.Equal(TimeSpan.FromSeconds(0.25), _budget.PauseAfter(ReadingBudget.FramesPerSecond / 4));
    }

    [Fact]
    public void PauseAfter_WhileMoreIsWrittenThanCanBeRead_IsLonger()
    {
        _budget.Note("one", ReadingBudget.MaxGrowth, isBehind: true);
        var (before, whole) = (_budget.PauseAfter(1000), _budget.BatchSize);
        _budget.Note("one", ReadingBudget.MaxGrowth + 1, isBehind: true);
        var (during, part) = (_budget.PauseAfter(1000), _budget.BatchSize);
        _budget.Note("one", 0, isBehind: true);
        var (after, again) = (_budget.PauseAfter(1000), _budget.BatchSize);

        Assert.Equal((TimeSpan.FromSeconds(0.05), TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.05)), (before, during, after));
        Assert.Equal((500, 100, 500), (whole, part, again));
    }

    [Fact]
    public void Leave_OfAllOthers_LeavesTheBudgetToOne()
    {
        _budget.Note("one", 0, isBehind: true);
        _budget.Note("other", 2 * ReadingBudget.MaxGrowth, isBehind: true);
        _budget.Leave("other");

        Assert.Equal(TimeSpan.FromSeconds(0.25), _budget.PauseAfter(ReadingBudget.FramesPerSecond / 4));
    }
}
