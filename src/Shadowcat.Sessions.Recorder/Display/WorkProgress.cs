using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>Shows how far long work is, to whoever looks at a terminal; it leaves nothing there, and a file or pipe sees nothing of it.</summary>
internal sealed class WorkProgress
{
    private readonly ProgressTask? _task;

    private WorkProgress(ProgressTask? task) => _task = task;

    /// <summary>For work that nobody watches.</summary>
    public static WorkProgress None { get; } = new(null);

    /// <summary>Does the work.</summary>
    /// <param name="what">What is done, in a word or two.</param>
    /// <param name="total">How much there is to do; null for nobody knows.</param>
    /// <param name="least">From how much on it is worth to be shown.</param>
    /// <param name="work">The work, which says how far it is.</param>
    public static async Task<T> RunAsync<T>(string what, long? total, long least, Func<WorkProgress, Task<T>> work)
    {
        if (StandardError.IsRedirected || total < least)
        {
            return await work(None);
        }

        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(StandardError.Writer) });
        ProgressColumn[] columns = total is null
            ? [new SpinnerColumn(), new TaskDescriptionColumn(), new ElapsedTimeColumn()]
            : [new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()];
        return await terminal.Progress().AutoClear(true).Columns(columns).StartAsync(context =>
        {
            var task = context.AddTask(Markup.Escape(what), maxValue: Math.Max(total ?? 1, 1));
            task.IsIndeterminate = total is null;
            return work(new WorkProgress(task));
        });
    }

    /// <summary>Says how much is done, of the total.</summary>
    public void Report(long done)
    {
        if (_task is not null)
        {
            _task.Value = done;
        }
    }

    /// <summary>Passes on what another says of its work, at once and in its order.</summary>
    /// <param name="done">How much it is, of the total.</param>
    public IProgress<TReport> From<TReport>(Func<TReport, long> done) => new Listener<TReport>(report => Report(done(report)));

    /// <summary>Unlike the framework's, it calls nobody later.</summary>
    private sealed class Listener<TReport>(Action<TReport> report) : IProgress<TReport>
    {
        public void Report(TReport value) => report(value);
    }
}
