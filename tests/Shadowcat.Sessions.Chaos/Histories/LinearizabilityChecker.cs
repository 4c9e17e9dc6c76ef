using System.Diagnostics;

namespace Shadowcat.Sessions.Chaos.Histories;

/// <summary>Looks for an order of the operations of one session that keeps to real time and explains every answer (Wing and Gong), and looks at no two prefixes twice that have the same operations and the same session behind them (Lowe).</summary>
/// <remarks>
/// A history of several sessions is linearizable where that of each is, so each is judged by itself. An operation whose outcome is unknown may be anywhere behind
/// its beginning, or nowhere. What changes nothing and is answered right is put in its place as soon as it may be: no order is lost by that.
/// </remarks>
/// <seealso href="https://www.cs.ox.ac.uk/people/gavin.lowe/LinearizabiltyTesting/"/>
/// <seealso href="https://github.com/anishathalye/porcupine"/>
internal sealed class LinearizabilityChecker
{
    private const int MostRemembered = 2_000_000;
    private const int StepsPerLook = 256;

    private readonly SessionModel _model;
    private readonly CheckedOperation[] _operations;
    private readonly int[] _firstTries;
    private readonly ulong[] _ordered;
    private readonly HashSet<OrderedSet> _seen = [];
    private readonly Stack<Level> _levels = new();
    private int _open;
    private int _fewestOpen = int.MaxValue;
    private ModelState _furthest = ModelState.Absent;
    private List<HistoryOperation> _left = [];

    private LinearizabilityChecker(SessionModel model, IReadOnlyList<HistoryOperation> history)
    {
        _model = model;
        _operations = CheckedOperation.Of(history);
        _firstTries = [.. Enumerable.Range(0, _operations.Length).Select(place => Array.FindIndex(_operations, operation => operation.Again == place))];
        _ordered = new ulong[(_operations.Length / 64) + 1];
        _open = _operations.Count(operation => operation.IsMandatory);
    }

    /// <summary>Judges the history of one session.</summary>
    /// <param name="model">What the session promises.</param>
    /// <param name="history">What was done to it, in any order.</param>
    /// <param name="patience">How long to look for an order.</param>
    public static HistoryJudgement Check(SessionModel model, IReadOnlyList<HistoryOperation> history, TimeSpan patience) =>
        new LinearizabilityChecker(model, history).Check(patience);

    private HistoryJudgement Check(TimeSpan patience)
    {
        var begun = Stopwatch.GetTimestamp();
        Enter(ModelState.Absent, place: -1);
        for (var step = 1; _open > 0; step++)
        {
            if (_levels.Count == 0)
            {
                return new HistoryJudgement(HistoryVerdict.Broken, _furthest, _left);
            }

            if (_seen.Count > MostRemembered || (step % StepsPerLook == 0 && Stopwatch.GetElapsedTime(begun) > patience))
            {
                return new HistoryJudgement(HistoryVerdict.Undecided, _furthest, _left);
            }

            var level = _levels.Peek();
            if (level.Next >= level.Choices.Count)
            {
                Leave();
                continue;
            }

            var (place, state) = level.Choices[level.Next++];
            Set(place);
            if (_seen.Add(new OrderedSet(_ordered, state)))
            {
                Enter(state, place);
            }
            else
            {
                Unset(place);
            }
        }

        return new HistoryJudgement(HistoryVerdict.Linearizable, _levels.Peek().State, []);
    }

    /// <summary>Goes on from a session: orders what changes nothing, and collects what may come next.</summary>
    private void Enter(ModelState state, int place)
    {
        var level = new Level(state, place);
        _levels.Push(level);
        while (TryPlaceReading(level))
        {
        }

        if (_open < _fewestOpen)
        {
            (_fewestOpen, _furthest) = (_open, state);
            _left = [.. Candidates().Where(candidate => _operations[candidate].IsMandatory).Select(candidate => _operations[candidate].Operation)];
        }

        // What was answered first: an order without what was not is the likelier one.
        foreach (var candidate in Candidates().OrderBy(candidate => _operations[candidate].IsMandatory ? 0 : 1).ThenBy(candidate => _operations[candidate].Operation.Latest))
        {
            foreach (var next in _model.Step(state, _operations[candidate].Operation))
            {
                if (_operations[candidate].IsMandatory || !ReferenceEquals(next, state))
                {
                    level.Choices.Add((candidate, next));
                }
            }
        }
    }

    private bool TryPlaceReading(Level level)
    {
        foreach (var candidate in Candidates())
        {
            var checkedOperation = _operations[candidate];
            if (checkedOperation.IsMandatory && checkedOperation.Operation.Call is not HistoryCall.Create
                && ReferenceEquals(_model.Step(level.State, checkedOperation.Operation).FirstOrDefault(), level.State))
            {
                Set(candidate);
                level.Readings.Add(candidate);
                return true;
            }
        }

        return false;
    }

    private void Leave()
    {
        var level = _levels.Pop();
        level.Readings.ForEach(Unset);
        if (level.Place >= 0)
        {
            Unset(level.Place);
        }
    }

    /// <summary>What may come next: everything that began before the first of all answers that are left.</summary>
    private List<int> Candidates()
    {
        var (first, candidates) = (TimeSpan.MaxValue, new List<int>());
        for (var place = 0; place < _operations.Length && _operations[place].Operation.Begun <= first; place++)
        {
            var operation = _operations[place];
            if (IsSet(place))
            {
                continue;
            }

            if (operation.IsMandatory && operation.Operation.Ended < first)
            {
                first = operation.Operation.Ended;
            }

            if (MayCome(place, operation))
            {
                candidates.Add(place);
            }
        }

        // The first answer may have been found behind some of them.
        candidates.RemoveAll(candidate => _operations[candidate].Operation.Begun > first);
        return candidates;
    }

    private bool MayCome(int place, CheckedOperation operation) =>
        (operation.After < 0 || IsSet(operation.After))
        && (operation.Undone < 0 || !(IsSet(operation.Undone) || IsSet(operation.Again)))
        && !IsToWaitForRestore(place);

    /// <summary>Whether it was carried out before, and that is not undone yet.</summary>
    private bool IsToWaitForRestore(int place)
    {
        var first = _firstTries[place];
        return first >= 0 && IsSet(first) && !IsSet(_operations[first].Undone);
    }

    private bool IsSet(int place) => (_ordered[place / 64] & (1UL << place)) != 0;

    private void Set(int place)
    {
        _ordered[place / 64] |= 1UL << place;
        _open -= _operations[place].IsMandatory ? 1 : 0;
    }

    private void Unset(int place)
    {
        _ordered[place / 64] &= ~(1UL << place);
        _open += _operations[place].IsMandatory ? 1 : 0;
    }

    /// <summary>An order so far, and how it may go on.</summary>
    private sealed class Level(ModelState state, int place)
    {
        public ModelState State => state;

        /// <summary>What came last; -1 for nothing.</summary>
        public int Place => place;

        public List<int> Readings { get; } = [];

        public List<(int Place, ModelState State)> Choices { get; } = [];

        public int Next { get; set; }
    }
}
