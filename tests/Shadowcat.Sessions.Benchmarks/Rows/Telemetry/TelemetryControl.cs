using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Telemetry;

/// <summary>What <see cref="TelemetryDisabled"/> shows where there is nothing to be seen.</summary>
internal sealed class TelemetryControl : TelemetryRow
{
    public override string Name => "telemetry.control";

    public override int Place => 701;

    public override string Subject => "get without telemetry vs the same, in turn, 1 caller";

    public override Goal? Goal => null;

    protected override Task<RowResult> MeasureAsync(BackendGet measured, BackendGet bare, Pace pace) => base.MeasureAsync(bare, bare, pace);
}
