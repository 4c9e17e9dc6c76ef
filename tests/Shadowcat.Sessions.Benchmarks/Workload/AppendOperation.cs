using Shadowcat.Sessions.Benchmarks.Measuring;

namespace Shadowcat.Sessions.Benchmarks.Workload;

/// <summary>Appends a frame of 1 KB with everything that the store promises. The envelope is ready-made; encoding it is part of the call.</summary>
internal sealed class AppendOperation(ISessionStore store, int sessions, Func<Task> settle) : Operation<long>
{
    private SessionId[] _ids = [];

    /// <summary>One for each session: a frame that has just arrived is in the processor's cache, thousands that were made ready long before are not.</summary>
    private MessageEnvelope[] _frames = [];
    private int _callers;

    public override async Task BeginRoundAsync(int callers)
    {
        _callers = callers;
        _ids = await SampleSessions.CreateAsync(store, sessions);
        _frames = [.. _ids.Select(Messages.Envelope)];
    }

    public override async Task EndRoundAsync()
    {
        await SampleSessions.DeleteAsync(store, _ids);
        await settle();
    }

    public override ValueTask<long> CallAsync(int caller, long call) => store.AddFrameAsync(_frames[Turns.Next(caller, _callers, call, sessions)]);
}
