namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>All that an operation does for telemetry where nobody listens: too little to be seen beside a call of a server.</summary>
internal sealed class TelemetryQuestion : OneThreadRow
{
    private readonly StoreTelemetry _telemetry = new(new StoreAddress("shadowcat.memory"));

    public override string Name => "telemetry.question";

    public override int Place => 705;

    public override string Subject => "asking whether anybody listens";

    public override Goal Goal => Goal.OursAtMost(10, 5);

    protected override void Repeat(int calls)
    {
        var enabled = 0;
        for (var i = 0; i < calls; i++)
        {
            enabled += _telemetry.IsEnabled ? 1 : 0;
        }

        GC.KeepAlive(enabled); // so that the asking is not optimized away
    }
}
