using System.Collections.Concurrent;
using System.Globalization;
using Shadowcat.Sessions.Chaos.Checking;
using Shadowcat.Sessions.Chaos.Reporting;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Judges histories as they come to their end, beside the load, and describes those that are broken.</summary>
internal sealed class HistoryJudge : IDisposable
{
    private const int MostDescribed = 3;
    private const int MostLines = 40;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PatienceOfReduction = TimeSpan.FromMilliseconds(500);

    private readonly BlockingCollection<(History History, SessionModel Model, IReadOnlyList<HistoryOperation> Servers)> _waiting = [];
    private readonly Findings _findings;
    private readonly int _seed;
    private readonly bool _auditsSequences;
    private readonly Task _judging;
    private long _operations;
    private int _sessions;
    private int _undecided;
    private int _described;

    /// <param name="findings">What is broken.</param>
    /// <param name="seed">What the choices of the run began from, for the report.</param>
    /// <param name="auditsSequences">Whether each session has one life, so that no sequence may be given twice.</param>
    public HistoryJudge(Findings findings, int seed, bool auditsSequences)
    {
        (_findings, _seed, _auditsSequences) = (findings, seed, auditsSequences);
        _judging = Task.Factory.StartNew(Judge, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Broken histories, operation by operation.</summary>
    public ConcurrentQueue<string> Pieces { get; } = new();

    /// <summary>Gives it a history that is complete.</summary>
    /// <param name="history">The history.</param>
    /// <param name="model">What its session promises.</param>
    /// <param name="servers">What happened to the server in its time.</param>
    public void Add(History history, SessionModel model, IReadOnlyList<HistoryOperation> servers) => _waiting.Add((history, model, servers));

    /// <summary>Waits until every history is judged.</summary>
    public async Task<JudgedHistories> FinishAsync()
    {
        _waiting.CompleteAdding();
        await _judging;
        return new JudgedHistories(_sessions, _operations, _undecided);
    }

    public void Dispose() => _waiting.Dispose();

    private void Judge()
    {
        foreach (var (history, model, servers) in _waiting.GetConsumingEnumerable())
        {
            List<HistoryOperation> operations = [.. history.Operations(), .. servers];
            var judgement = LinearizabilityChecker.Check(model, operations, Patience);
            if (judgement.Verdict == HistoryVerdict.Undecided)
            {
                _undecided++;
                continue;
            }

            _sessions++;
            _operations += operations.Count;
            if (judgement.Verdict == HistoryVerdict.Broken)
            {
                Describe(history, model, operations);
            }

            foreach (var (first, second) in _auditsSequences ? SequenceAudit.Find(operations) : [])
            {
                _findings.Add(Breach.Misplaced, $"{history.Name}: {first.Store} got one sequence for two frames, and no report of a loss: {HistoryText.Of(first)} | {HistoryText.Of(second)}");
            }
        }
    }

    private void Describe(History history, SessionModel model, List<HistoryOperation> operations)
    {
        var doubled = operations.Where(operation => operation.Frames.Distinct().Count() < operation.Frames.Length).SelectMany(operation => operation.Frames.GroupBy(frame => frame).Where(frame => frame.Count() > 1)).Select(frame => frame.Key).FirstOrDefault();
        if (Interlocked.Increment(ref _described) > MostDescribed)
        {
            _findings.Add(doubled > 0 ? Breach.Doubled : Breach.History, $"{history.Name}: broken.");
            return;
        }

        var piece = new HistoryReduction(model, PatienceOfReduction).Reduce(operations);
        var judgement = LinearizabilityChecker.Check(model, piece, Patience);
        var onlyRead = LinearizabilityChecker.Check(model, operations.FindAll(operation => !operation.IsReading), Patience).Verdict == HistoryVerdict.Linearizable;
        var culprit = judgement.Left.OrderBy(operation => operation.Ended).FirstOrDefault();
        _findings.Add(
            doubled > 0 ? Breach.Doubled : Breach.History,
            $"{history.Name}: no order of its operations explains the answers{(doubled > 0 ? $"; frame f{doubled} is there twice" : "")}{(onlyRead ? "; without what was only read, one does" : "")}. The furthest one ends with: {judgement.State}. Not explained: {(culprit is null ? "?" : HistoryText.Of(culprit))}");
        var lines = piece.Select(HistoryText.Of).ToList();
        var left = lines.Count > MostLines ? $"    … {lines.Count - MostLines} operations before{Environment.NewLine}" : "";
        Pieces.Enqueue(string.Create(
            CultureInfo.InvariantCulture,
            $"{history.Name} (seed {_seed}), {piece.Count} of {operations.Count} operations that cannot be explained:{Environment.NewLine}{left}{string.Join(Environment.NewLine, lines.TakeLast(MostLines).Select(line => "    " + line))}"));
    }
}
