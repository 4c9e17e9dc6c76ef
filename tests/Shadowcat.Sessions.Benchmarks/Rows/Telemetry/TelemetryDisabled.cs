namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>Where nobody listens.</summary>
internal sealed class TelemetryDisabled : TelemetryRow
{
    public override string Name => "telemetry.disabled";

    public override int Place => 700;

    public override string Subject => "get with telemetry nobody listens to vs without, in turn, 1 caller";

    public override Goal Goal => Goal.RatioAtLeast(0.98, 0.99);
}
