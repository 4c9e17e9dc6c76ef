using Shadowcat.Sessions.Chaos.Schedules.Exploring;
using Shadowcat.Sessions.Chaos.Schedules.Holding;
using Shadowcat.Sessions.Chaos.Schedules.Judging;

namespace Shadowcat.Sessions.Chaos.Schedules.Running;

/// <summary>Runs one schedule: at each step one thing happens, and a reader looks.</summary>
/// <remarks>
/// A caller makes the next call in the step in which its first command arrives, or is left behind: earlier it would send the same, for it knows nothing more,
/// and the longer call would be held to less. A caller looks whether the session is there just before he writes, or just before that may change: earlier he
/// would see the same.
/// </remarks>
internal sealed class ScheduleRun
{
    private readonly ScheduleRig _rig;
    private readonly SchedulePlan _plan;
    private readonly IChoices _choices;
    private readonly SessionId _id;
    private readonly SessionKeys _keys;
    private readonly IReadOnlyList<ScheduleCaller> _callers;
    private readonly Queue<Call>[] _calls;
    private readonly List<(HeldCommand Command, Call Call)?> _late = [];
    private readonly List<Step> _steps = [];
    private readonly List<HistoryEvent> _history = [];
    private readonly List<string> _log = [];
    private readonly HashSet<int> _looked = [];
    private int _expirations;
    private int _breaks;
    private Session? _read;
    private bool _lives;

    private ScheduleRun(ScheduleRig rig, SchedulePlan plan, IChoices choices)
    {
        (_rig, _plan, _choices, _id) = (rig, plan, choices, rig.NewId());
        _keys = new SessionKeys(rig.Database, _id);
        _callers = rig.Callers(plan.Retries);
        var number = 0;
        _calls = [.. ((IReadOnlyList<Mutation>[])[plan.First, plan.Second]).Select(mutations => new Queue<Call>(mutations.Select(mutation => new Call(++number, mutation, _id))))];
    }

    /// <summary>Runs one schedule of a plan.</summary>
    /// <returns>What came of it; null where it turned out to be the same as another one.</returns>
    public static async Task<ScheduleResult?> RunAsync(ScheduleRig rig, SchedulePlan plan, IChoices choices)
    {
        var run = new ScheduleRun(rig, plan, choices);
        try
        {
            await run.StartAsync();
            var result = await run.GoAsync() ? await run.JudgeAsync() : null;
            await run.LeaveAsync();
            return result;
        }
        catch (TimeoutException)
        {
            // What it still waits for stays with the rig, which is not to be used again.
            return run.Result(new Verdict(BrokenPromise.Stuck, By: null, "a call does not end, although everything was answered that was sent"));
        }
    }

    private async Task StartAsync()
    {
        foreach (var (client, call) in Prelude.Of(_id))
        {
            await _callers[client].RunAsync(call);
        }

        await LookAsync();
        foreach (var caller in _callers)
        {
            caller.Gate.Close();
        }
    }

    private async Task<bool> GoAsync()
    {
        while (Possible() is { Count: > 0 } possible)
        {
            var step = _choices.Choose(possible);
            _steps.Add(step);
            if (!await TakeAsync(step))
            {
                return false;
            }
        }

        return true;
    }

    private List<Step> Possible()
    {
        var possible = new List<Step>();
        for (var i = 0; i < _callers.Count; i++)
        {
            var caller = _callers[i];
            if (caller.Current is null && _calls[i].Count == 0)
            {
                continue;
            }

            possible.Add(new Step(StepKind.Answer, i));

            // A call is to see one connection break under it, or where it is not repeated, of one after the other.
            if (_breaks < _plan.Breaks && (caller.Current is null || !caller.IsBroken || _plan.Retries == 0))
            {
                possible.Add(new Step(StepKind.Break, i));
            }
        }

        for (var i = 0; i < _late.Count; i++)
        {
            if (_late[i] is not null)
            {
                possible.Add(new Step(StepKind.ArriveLate, i));
            }
        }

        if (_expirations < _plan.Expirations)
        {
            possible.Add(new Step(StepKind.Expire, 0));
        }

        return possible;
    }

    private Task<bool> TakeAsync(Step step) => step.Kind switch
    {
        StepKind.Expire => ExpireAsync(),
        StepKind.ArriveLate => ArriveLateAsync(step.Number),
        _ => AdvanceAsync(step.Number, step.Kind == StepKind.Break),
    };

    private async Task<bool> ExpireAsync()
    {
        _expirations++;
        _looked.Clear();
        await _keys.ExpireAsync();
        _history.Add(HistoryEvent.Expired);
        _log.Add($"the session expires; then {await LookAsync()}");
        return true;
    }

    private async Task<bool> ArriveLateAsync(int number)
    {
        var (command, call) = _late[number]!.Value;
        if (!MayFollowLooks(command, by: null))
        {
            return false;
        }

        _late[number] = null;
        await command.ArriveLateAsync();
        _log.Add($"late: {command.Name} of {call}, left behind as ~{number}, arrives; then {await LookAsync(call)}");
        return true;
    }

    private async Task<bool> AdvanceAsync(int number, bool breaks)
    {
        var caller = _callers[number];
        var who = new Step(StepKind.Answer, number).ToString();
        if (caller.Current is null)
        {
            var next = _calls[number].Dequeue();
            next.Give(_read);
            _history.Add(HistoryEvent.Began(next));
            caller.Begin(next);
            if (await caller.RestAsync() is { } at)
            {
                // Nothing was sent that could be held, so nothing could break either.
                End(next, $"{who}: {next}", at);
                _log[^1] += $"; then {await LookAsync(next)}";
                return !breaks && _looked.Count == 0;
            }
        }

        var looks = caller.Gate.IsReadInFront;
        if (looks ? breaks : !MayFollowLooks(breaks ? null : caller.Gate.Next, number))
        {
            return false;
        }

        if (looks)
        {
            _looked.Add(number);
        }

        var call = caller.Current!;
        var command = caller.Gate.Take();
        if (breaks)
        {
            _breaks++;
            caller.Break();
            if (!command.IsRead)
            {
                _late.Add((command, call));
            }

            command.Break();
            End(call, $"{who}: {call}: the connection breaks with {command.Name} on its way{(command.IsRead ? "" : $", as ~{_late.Count - 1}")}", await caller.RestAsync());
        }
        else
        {
            await command.AnswerAsync();
            End(call, $"{who}: {call}: {command.Name} is carried out and answered", await caller.RestAsync());
            if (!command.IsRead)
            {
                _log[^1] += $"; then {await LookAsync(call)}";
            }
        }

        return true;
    }

    /// <summary>Whether what comes may come right behind the looks of callers who have not written since; otherwise they would have looked later, and seen the same.</summary>
    /// <param name="command">What is carried out; null where nothing is.</param>
    /// <param name="by">Which caller's it is; null for what was left behind.</param>
    private bool MayFollowLooks(HeldCommand? command, int? by)
    {
        if (by is { } caller)
        {
            _looked.Remove(caller);
        }

        if (command is { BeginsOrEndsSession: true })
        {
            _looked.Clear();
        }

        return _looked.Count == 0;
    }

    /// <summary>Notes what a step did, and that the call ended, where it did.</summary>
    private void End(Call call, string what, string? result)
    {
        if (result is not null)
        {
            _history.Add(HistoryEvent.Ended(call, result));
            what += $"; {call} ends: {result}";
        }

        _log.Add(what);
    }

    private async Task<string> LookAsync(Call? after = null)
    {
        var view = await SessionView.ReadAsync(_rig.Reader, _id);
        _read = view.Session ?? _read;
        _lives = view.Session is not null;
        _history.Add(HistoryEvent.Seen(view.Text, after));
        return view.Text;
    }

    private async Task<ScheduleResult> JudgeAsync()
    {
        if (_expirations > 0)
        {
            await _rig.Reader.ReapExpiredSessionsAsync();
        }

        return Result(
            await Judge.FindBrokenAsync(_id, _history, _rig.Answers) ?? KeyRules.FindBroken(await _keys.ReadAsync(), _lives, await _rig.Reader.CountSessionsAsync()));
    }

    private ScheduleResult Result(Verdict? broken) => new(new Schedule(_plan, _steps), _log, broken);

    private async Task LeaveAsync()
    {
        foreach (var caller in _callers)
        {
            await caller.LeaveAsync();
        }

        await _keys.ClearAsync();
    }
}
