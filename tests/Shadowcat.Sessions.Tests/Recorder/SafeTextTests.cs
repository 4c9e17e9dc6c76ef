using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>What peers and archives chose does nothing to a terminal, and hides nothing.</summary>
public sealed class SafeTextTests
{
    [Theory]
    [InlineData("\u001b[2J\u009b1m\r\n\t", "·[2J·1m···")]
    [InlineData("a\u202Eb\u202C \u2066c\u2069 \u200E\u200F\u061C", "a·b· ·c· ···")]
    [InlineData("a\u2028b\u2029c", "a·b·c")]
    [InlineData("x\uDB40\uDC41\u200B\uFEFF\u00ADy", "x····y")]
    [InlineData("größe 日本 \u06CC\u200C\u0645 👩\u200D👧", "größe 日本 \u06CC\u200C\u0645 👩\u200D👧")]
    [InlineData(null, "")]
    public void Of_WhatATerminalActsOnOrHides_IsADot(string? text, string safe) => Assert.Equal(safe, SafeText.Of(text));

    [Fact]
    public void OfLines_SeveralLines_KeepsThem() => Assert.Equal($"a·{Environment.NewLine}·b", SafeText.OfLines("a\u001b\r\n\u202Eb"));
}
