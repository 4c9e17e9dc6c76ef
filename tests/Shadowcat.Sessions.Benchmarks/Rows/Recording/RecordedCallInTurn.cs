using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Rows.Recording;

/// <summary>What a call itself takes longer by: what is done beside it, when messages are written, falls on the calls of both servers.</summary>
internal sealed class RecordedCallInTurn : RecordedCall
{
    public override string Name => "record.call.in-turn";

    public override int Place => 442;

    public override string Subject => "the same, call by call in turn: what the call waits for, without what is done beside it";

    private protected override Task<ContestResult> CompareAsync(ToolCallOperation ours, ToolCallOperation reference, Pace pace) =>
        PairedContest.RunAsync(ours, reference, pace);
}
