using Shadowcat.Sessions.Recorder.Analysis.Statistics;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>How often methods were called, and how long they took.</summary>
public sealed class ConversationStatisticsTests
{
    private static readonly int[] Percentiles = [50, 95, 99, 100];

    [Fact]
    public async Task Percentiles_OfAHundredCalls_AreDurationsOfCalls()
    {
        var made = new HandMade();
        foreach (int milliseconds in Enumerable.Range(1, 100).Reverse())
        {
            made.Client(Call(milliseconds, "echo")).After(TimeSpan.FromMilliseconds(milliseconds - 1)).Server($$$"""{"jsonrpc":"2.0","id":{{{milliseconds}}},"result":{}}""");
        }

        MethodStatistics echo = Assert.Single((await CountAsync(made)).Methods).Figures;

        Assert.Equal(
            [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(95), TimeSpan.FromMilliseconds(99), TimeSpan.FromMilliseconds(100)],
            Percentiles.Select(echo.Percentile));
        Assert.Equal(new SlowestCall(TimeSpan.FromMilliseconds(100), made.Session.Id, 0), echo.Slowest);
        Assert.Equal((100, 0, 0), (echo.Calls, echo.Errors, echo.Unanswered));
    }

    [Fact]
    public async Task Calls_OfSeveralTools_AreCountedApart()
    {
        HandMade made = new HandMade()
            .Client(Call(1, "a")).Client(Call(2, "b")).Client(Call(3, "b"))
            .Server("""{"jsonrpc":"2.0","id":3,"result":{"isError":true}}""").Server("""{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}""")
            .Server("""{"jsonrpc":"2.0","id":1,"method":"roots/list"}""").Client("""{"jsonrpc":"2.0","id":1,"result":{}}""")
            .Client("""{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""")
            .End("broken", "server");

        ConversationStatistics counted = await CountAsync(made);

        Assert.Equal(
            [("tools/call b", 2, 1, 1), ("roots/list", 1, 0, 0), ("tools/call a", 1, 1, 0), ("notifications/roots/list_changed", 1, 0, 0)],
            counted.Methods.Select(static method => (method.Key.Title, (int)method.Figures.Calls, (int)method.Figures.Errors, (int)method.Figures.Unanswered)));
        Assert.Equal((1, 9), (counted.Sessions, counted.Frames));
        Assert.Equal(Call(1, "a").Length + """{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}""".Length, counted.Methods[2].Figures.Bytes);
    }

    [Fact]
    public async Task Methods_WithoutEnd_AreCountedTogether()
    {
        var made = new HandMade();
        for (int i = 0; i < 1100; i++)
        {
            made.Client($$"""{"jsonrpc":"2.0","id":{{i}},"method":"made-up/{{i}}"}""").Server($$$"""{"jsonrpc":"2.0","id":{{{i}}},"result":{}}""");
        }

        ConversationStatistics counted = await CountAsync(made);

        Assert.Equal(1001, counted.Methods.Count);
        Assert.Equal(("(others)", 100L), (counted.Methods[0].Key.Method, counted.Methods[0].Figures.Calls));
    }

    private static string Call(int id, string tool) => $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"arguments":{"name":"not this"},"name":"{{{tool}}}"}}""";

    private static async Task<ConversationStatistics> CountAsync(HandMade made)
    {
        var statistics = new ConversationStatistics();
        await statistics.AddAsync(made.ReadAsync(), TestContext.Current.CancellationToken);
        return statistics;
    }
}
