namespace Shadowcat.Sessions;

/// <summary>Lets somebody go on who waited for what came before.</summary>
internal sealed class BarrierStep(BufferedBarrier call) : BufferedStep
{
    public override IReadOnlyList<BufferedCall> Calls { get; } = [call];

    public override Task SendAsync(BufferedReads sessions, SessionBacklog backlog) => Task.CompletedTask;

    public override void Complete() => call.Complete(true);
}
