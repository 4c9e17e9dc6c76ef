using System.Globalization;
using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Chaos.Scenarios;

/// <summary>The clock of the client jumps by hours and days, either way: no session may end before its time, none live on, and nobody may notice anything.</summary>
internal sealed class ClientClock : OneServer
{
    private const int MostHours = 72;

    private static readonly TimeSpan Accuracy = TimeSpan.FromMinutes(1);

    public override string Name => "client-clock";

    public override bool MovesClock => true;

    public override async Task DisturbAsync(Disturbance disturbance, Random random)
    {
        disturbance.Begin(static _ => false);
        var offset = TimeSpan.FromHours(random.Next(2, MostHours) * (random.Next(2) == 0 ? 1 : -1));
        await MovableClock.MoveAsync(offset);
        await Poll.UntilAsync(async () => (DateTimeOffset.UtcNow - await ServerTimeAsync() - offset).Duration() < Accuracy, $"the clock is moved by {offset}");
        await PauseAsync(random, 500, 2000);
        disturbance.Return();
    }

    private async Task<DateTimeOffset> ServerTimeAsync() =>
        DateTimeOffset.FromUnixTimeSeconds(long.Parse((await Server.CommandAsync("TIME")).Split('\n')[0], CultureInfo.InvariantCulture));
}
