using Shadowcat.Sessions.Chaos.Schedules;

namespace Shadowcat.Sessions.Tests.Chaos.Schedules;

/// <summary>What a run prints of a schedule can be run again.</summary>
public sealed class ScheduleTextTests
{
    [Theory]
    [InlineData("A=Push,Touch B=DeleteFrames expire=1 retries=1 breaks=2 | A! B! ~1 x A ~0 B A")]
    [InlineData("A=Create B=- expire=0 retries=0 breaks=0 | A")]
    public void Parse_WhatWasPrinted_IsTheSame(string text) => Assert.Equal(text, Schedule.Parse(text).ToString());

    [Theory]
    [InlineData("A=Push B=- expire=0 retries=0 breaks=0")]
    [InlineData("A=Pull B=- expire=0 retries=0 breaks=0 | A")]
    [InlineData("A=Push B=- expire=0 retries=0 | A")]
    [InlineData("A=Push B=- expire=0 retries=-1 breaks=0 | A")]
    [InlineData("A=Push B=- expire=0 retries=0 breaks=0 | C")]
    [InlineData("A=Push B=- expire=0 retries=0 breaks=0 | ~")]
    public void Parse_AnythingElse_SaysWhatIsWrong(string text) => Assert.NotEmpty(Assert.Throws<FormatException>(() => Schedule.Parse(text)).Message);
}
