using Shadowcat.Sessions.TestKit.Mcp;

namespace Shadowcat.Sessions.Mcp.Tests.TestKit;

// <replayed>
public sealed class WeatherServer() : ReplayedServer("recordings/weather.jsonl");
// </replayed>
