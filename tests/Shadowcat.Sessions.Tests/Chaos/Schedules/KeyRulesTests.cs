using Shadowcat.Sessions.Chaos.Schedules.Judging;
using Shadowcat.Sessions.Chaos.Schedules.Running;

namespace Shadowcat.Sessions.Tests.Chaos.Schedules;

/// <summary>What is wrong with the keys behind a schedule is seen; else that nothing was found would mean nothing.</summary>
public sealed class KeyRulesTests
{
    private static readonly SessionKey[] Whole =
    [
        new("session", "hash", IsOwn: true, NamesSession: false, 1000),
        new("frames", "list", IsOwn: true, NamesSession: false, 1000),
        new("{x}:sessions:active", "set", IsOwn: false, NamesSession: true, -1),
        new("{x}:sessions:expiry", "zset", IsOwn: false, NamesSession: true, -1),
        new("layout", "hash", IsOwn: false, NamesSession: false, -1),
    ];

    [Fact]
    public void Find_WhatIsWhole_FindsNothing()
    {
        Assert.Null(KeyRules.FindBroken(Whole, lives: true, counted: 1));
        Assert.Null(KeyRules.FindBroken([Whole[4], new("tombstone", "string", IsOwn: true, NamesSession: false, 1000)], lives: false, counted: 0));
    }

    [Fact]
    public void Find_KeyWithoutEnd_IsFound() =>
        Assert.Equal(BrokenPromise.KeyWithoutEnd, KeyRules.FindBroken([Whole[0] with { TimeToLive = -1 }, .. Whole[1..]], lives: true, counted: 1)?.Promise);

    [Fact]
    public void Find_FramesThatEndEarly_AreFound() =>
        Assert.Equal(BrokenPromise.FramesEndEarly, KeyRules.FindBroken([Whole[0], Whole[1] with { TimeToLive = 400 }, .. Whole[2..]], lives: true, counted: 1)?.Promise);

    [Fact]
    public void Find_KeysOfNoSession_AreFound()
    {
        Assert.Equal(BrokenPromise.KeyLeftOver, KeyRules.FindBroken([Whole[1]], lives: false, counted: 0)?.Promise);
        Assert.Equal(BrokenPromise.KeyLeftOver, KeyRules.FindBroken([Whole[1] with { Name = "other" }, .. Whole], lives: true, counted: 1)?.Promise);
    }

    [Fact]
    public void Find_IndexThatDisagrees_IsFound()
    {
        Assert.Equal(BrokenPromise.IndexDisagrees, KeyRules.FindBroken([Whole[2]], lives: false, counted: 0)?.Promise);
        Assert.Equal(BrokenPromise.IndexDisagrees, KeyRules.FindBroken([.. Whole[..3], Whole[3] with { NamesSession = false }], lives: true, counted: 1)?.Promise);
        Assert.Equal(BrokenPromise.IndexDisagrees, KeyRules.FindBroken(Whole[..2], lives: true, counted: 1)?.Promise);
        Assert.Equal(BrokenPromise.IndexDisagrees, KeyRules.FindBroken(Whole, lives: true, counted: 0)?.Promise);
    }
}
