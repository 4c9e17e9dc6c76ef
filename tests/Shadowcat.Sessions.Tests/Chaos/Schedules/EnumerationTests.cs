using Shadowcat.Sessions.Chaos.Schedules;
using Shadowcat.Sessions.Chaos.Schedules.Exploring;

namespace Shadowcat.Sessions.Tests.Chaos.Schedules;

/// <summary>The schedules that are said to be all there are, are all, and each once.</summary>
public sealed class EnumerationTests
{
    private static readonly Step[] Steps = [.. Enumerable.Range(0, 4).Select(late => new Step(StepKind.ArriveLate, late))];

    [Fact]
    public void EveryChoice_TakesEveryWayOnce()
    {
        var choices = new EveryChoice();
        var ways = new List<string>();
        do
        {
            // Behind the first of three steps there is one more, behind the second two, behind the third none.
            var first = choices.Choose(Steps[..3]).Number;
            ways.Add(first < 2 ? $"{first}{choices.Choose(Steps[..(first + 1)]).Number}" : $"{first}");
        }
        while (choices.MoveNext());

        Assert.Equal(["00", "10", "11", "2"], ways);
    }

    [Fact]
    public void EveryChoice_WherePossibleStepsDifferTheSecondTime_Throws()
    {
        var choices = new EveryChoice();
        choices.Choose(Steps[..2]);
        choices.Choose(Steps[..2]);
        choices.MoveNext();

        Assert.Throws<DivergedException>(() => choices.Choose(Steps[..3]));
    }

    [Theory]
    [InlineData(1, 2)] // one of two calls by the first caller
    [InlineData(2, 9)] // 4 by one, and 3 by both, who are alike; 2 with an expiration
    [InlineData(3, 25)] // 8 by one, 8 by two; with one expiration 7, with two 2
    public void PlansOf_HoldEachSharingOnce(int count, int plans)
    {
        var all = PlanList.Of(count, [Mutation.Push, Mutation.Delete]).ToList();

        Assert.Equal(plans, all.Count);
        Assert.Equal(plans, all.DistinctBy(plan => plan.ToString(), StringComparer.Ordinal).Count());
        Assert.All(all, plan => Assert.Equal(count, plan.Count));
    }

    [Fact]
    public void AllPlans_AreDistinct_AndHoldEveryKindWithAndWithoutRetries()
    {
        var all = PlanList.All().ToList();

        Assert.Equal(all.Count, all.DistinctBy(plan => (plan with { Breaks = 0 }).ToString(), StringComparer.Ordinal).Count());
        Assert.Equal(Enum.GetValues<Mutation>(), all.SelectMany(plan => plan.First).Distinct().Order());
        Assert.Equal(Enumerable.Range(1, PlanList.MaxCount), all.Select(plan => plan.Count).Distinct().Order());
        Assert.Equal([0, 1], all.Select(plan => plan.Retries).Distinct().Order());
        Assert.All(all, plan => Assert.True(plan.Breaks > 0));
    }

    [Fact]
    public void RandomPlan_OfTheSameSeed_IsTheSame()
    {
        var plans = Enumerable.Range(0, 100).Select(seed => PlanList.Random(new Random(seed)).ToString()).ToList();

        Assert.Equal(plans, Enumerable.Range(0, 100).Select(seed => PlanList.Random(new Random(seed)).ToString()));
        Assert.True(plans.Distinct(StringComparer.Ordinal).Count() > 90);
    }
}
