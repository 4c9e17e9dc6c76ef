using Shadowcat.Sessions.Chaos.Schedules.Holding;

namespace Shadowcat.Sessions.Chaos.Schedules.Running;

/// <summary>Who makes calls in a schedule, one after the other, in a process of his own.</summary>
/// <param name="gate">Where what his stores send is held.</param>
/// <param name="store">The store that a kind of call is made by.</param>
internal sealed class ScheduleCaller(CommandGate gate, Func<Mutation, ISessionStore> store)
{
    /// <summary>How long a store may take that has all the answers it asked for. It is not looked at as long as nothing is wrong.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Task<string> _running = Task.FromResult("");

    public CommandGate Gate => gate;

    /// <summary>The call that is under way; null where there is none.</summary>
    public Call? Current { get; private set; }

    /// <summary>Whether a connection broke under the call that is under way.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Makes a call.</summary>
    public void Begin(Call call)
    {
        (Current, IsBroken) = (call, false);
        _running = call.RunAsync(store(call.Mutation));
    }

    /// <summary>Waits until the call has ended, or the store has sent what is held.</summary>
    /// <returns>How the call ended; null where it goes on.</returns>
    /// <exception cref="TimeoutException">Neither came about.</exception>
    public async Task<string?> RestAsync()
    {
        await Task.WhenAny(_running, gate.CameAsync()).WaitAsync(Patience);
        if (!_running.IsCompleted)
        {
            return null;
        }

        Current = null;
        return await _running;
    }

    /// <summary>Notes that a connection broke.</summary>
    public void Break() => IsBroken = true;

    /// <summary>Makes a call to its end, with nothing held.</summary>
    public Task<string> RunAsync(Call call) => call.RunAsync(store(call.Mutation));

    /// <summary>Lets everything that is held through, and the call end, whatever comes of it.</summary>
    public async Task LeaveAsync()
    {
        gate.Open();
        while (gate.Next is not null)
        {
            await gate.Take().AnswerAsync();
            if (Current is not null)
            {
                await RestAsync();
            }
        }

        await _running.WaitAsync(Patience);
        Current = null;
    }
}
