using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.TestKit;

// <replayed>
public sealed class WeatherTests(WeatherServer server) : IClassFixture<WeatherServer>
{
    [Fact]
    public async Task Forecast_OfATown_IsWhatTheServerSaid()
    {
        await using var client = await server.ConnectAsync(cancellationToken: TestContext.Current.CancellationToken);

        var answer = await client.CallToolAsync("forecast", new Dictionary<string, object?> { ["town"] = "Bern" }, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal("snow", Assert.IsType<TextContentBlock>(Assert.Single(answer.Content)).Text);
    }
}
// </replayed>
