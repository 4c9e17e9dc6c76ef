using System.Globalization;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The server reaches its memory limit and refuses whatever would grow, until the limit is raised.</summary>
internal sealed class MemoryLimit : OneServer
{
    public override string Name => "memory-limit";

    public override string Configuration => Server.Endpoint;

    public override bool RefusesWrites => true;

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        var memory = await Server.CommandAsync("INFO", "memory");
        var used = memory.Split('\n').First(line => line.StartsWith("used_memory:", StringComparison.Ordinal)).Split(':')[1].Trim();
        var limit = long.Parse(used, CultureInfo.InvariantCulture) + random.Next(0, 100_000);
        await Server.CommandAsync("CONFIG", "SET", "maxmemory", limit.ToString(CultureInfo.InvariantCulture));
        await PauseAsync(random, 200, 2000);
        await Server.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        disturbance.Return();
    }
}
