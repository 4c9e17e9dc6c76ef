namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>Says whether a history could have been seen of a store that does one call after the other, each at one moment between its beginning and its end.</summary>
/// <remarks>
/// <para>The readers between the steps are part of the history. Of all orders in which the calls may have taken effect, those are kept, event by event, that
/// explain everything so far; where none is left, the promise is broken. It is the search of Wing and Gong, whose scopes here are small.</para>
/// <para>A call with an unknown outcome may take effect at any time later, or never, but not in a generation that somebody began to create after its caller got the outcome.</para>
/// </remarks>
/// <seealso href="https://www.cs.cmu.edu/~wing/publications/WingGong93.pdf"/>
internal sealed class Judge
{
    private static readonly (Allowances Allowed, BrokenPromise Promise)[] Kinds =
    [
        (Allowances.OtherLives, BrokenPromise.InAnotherLife),
        (Allowances.Refused, BrokenPromise.AfterRefusal),
        (Allowances.AnyResult, BrokenPromise.WrongResult),
        (Allowances.Repetition, BrokenPromise.Twice),
        (Allowances.Loss, BrokenPromise.Lost),
        (Allowances.OtherLives | Allowances.AnyResult | Allowances.Repetition, BrokenPromise.Twice),
    ];

    private readonly SessionId _id;
    private readonly Allowances _allowed;
    private readonly ModelAnswers _answers;
    private readonly List<Call> _begun = [];
    private readonly Dictionary<Call, int> _beginnings = [];
    private readonly Dictionary<Call, int> _ends = [];
    private List<Explanation> _explanations = [];

    private Judge(SessionId id, Allowances allowed, ModelAnswers answers)
    {
        _id = id;
        _allowed = allowed;
        _answers = answers;
    }

    /// <summary>Judges a history.</summary>
    /// <param name="id">The session.</param>
    /// <param name="history">What happened to it.</param>
    /// <param name="answers">What the model was asked before.</param>
    /// <returns>Null where every promise was kept; else which one was not, and what could not be explained.</returns>
    public static async Task<Verdict?> FindBrokenAsync(SessionId id, IReadOnlyList<HistoryEvent> history, ModelAnswers answers)
    {
        if (await FindUnexplainedAsync(id, history, Allowances.None, answers) is not { } unexplained)
        {
            return null;
        }

        var (kind, call, text) = history[unexplained];
        var why = kind == HistoryKind.Ended ? $"nothing explains that {call} ended with '{text}'" : $"nothing explains '{text}'";
        foreach (var (allowed, promise) in Kinds)
        {
            if (await FindUnexplainedAsync(id, history, allowed, answers) is null)
            {
                return new Verdict(promise, call?.Mutation, why);
            }
        }

        return new Verdict(BrokenPromise.Unexplained, call?.Mutation, why);
    }

    /// <summary>Finds the first event that no order of the calls explains.</summary>
    private static async Task<int?> FindUnexplainedAsync(SessionId id, IReadOnlyList<HistoryEvent> history, Allowances allowed, ModelAnswers answers)
    {
        var judge = new Judge(id, allowed, answers);
        judge._explanations = [new Explanation([], new Dictionary<Call, string>(), (await answers.OfAsync(id, [])).View, CreatedBy: null)];
        for (var i = 0; i < history.Count; i++)
        {
            await judge.GoOnAsync(history[i]);
            if (judge._explanations.Count == 0)
            {
                return i;
            }
        }

        return null;
    }

    private bool Allows(Allowances what) => _allowed.HasFlag(what);

    private async Task GoOnAsync(HistoryEvent happened)
    {
        switch (happened)
        {
            case { Kind: HistoryKind.Began, Call: { } call }:
                _begun.Add(call);
                _beginnings.Add(call, _beginnings.Count);
                break;
            case { Kind: HistoryKind.Ended, Call: { } call, Text: Call.Unknown }:
                _ends.Add(call, _beginnings.Count);
                break;
            case { Kind: HistoryKind.Ended, Call: { } call, Text: Call.NothingDone } when !Allows(Allowances.AnyResult):
                _begun.Remove(call);
                _explanations.RemoveAll(explanation => explanation.Has(call));
                break;
            case { Kind: HistoryKind.Ended, Text: Call.NothingDone }:
                break;
            case { Kind: HistoryKind.Ended, Call: { } call, Text: var result }:
                await ExpandAsync();
                _explanations.RemoveAll(explanation => explanation.Results.TryGetValue(call, out var known)
                    ? known != result && !call.MayAnswer(result, known) && !Allows(Allowances.AnyResult)
                    : !Allows(Allowances.Loss));
                break;
            case { Kind: HistoryKind.Expired }:
                await ExpandAsync();
                for (var i = 0; i < _explanations.Count; i++)
                {
                    _explanations[i] = await ApplyAsync(_explanations[i], call: null);
                }

                break;
            default:
                await ExpandAsync();
                _explanations.RemoveAll(explanation => explanation.View != happened.Text);
                break;
        }
    }

    /// <summary>Adds to each explanation those in which more calls took effect by now.</summary>
    private async Task ExpandAsync()
    {
        var known = _explanations.Select(explanation => explanation.Key).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < _explanations.Count; i++)
        {
            var explanation = _explanations[i];
            foreach (var call in _begun.Where(call => MayTakeEffect(explanation, call)))
            {
                var next = await ApplyAsync(explanation, call);
                if (known.Add(next.Key))
                {
                    _explanations.Add(next);
                }
            }
        }
    }

    private bool MayTakeEffect(Explanation explanation, Call call) =>
        explanation.Order.Count(other => other == call) < (Allows(Allowances.Repetition) || (Allows(Allowances.Refused) && IsRefused(explanation, call)) ? 2 : 1)
        && (call.Mutation == Mutation.Create || Allows(Allowances.OtherLives) || !_ends.TryGetValue(call, out var end)
            || explanation.CreatedBy is not { } creator || _beginnings[creator] < end);

    private static bool IsRefused(Explanation explanation, Call call) => explanation.Results.TryGetValue(call, out var result) && Call.IsRefusal(result);

    private async Task<Explanation> ApplyAsync(Explanation explanation, Call? call)
    {
        var next = explanation with { Order = [.. explanation.Order, call] };
        var known = await _answers.OfAsync(_id, next.Order);
        var creates = call is { Mutation: Mutation.Create } && known.Result.StartsWith("created", StringComparison.Ordinal);
        return next with
        {
            View = known.View,
            Results = call is null || explanation.Has(call) ? explanation.Results : new Dictionary<Call, string>(explanation.Results) { [call] = known.Result },
            CreatedBy = creates ? call : explanation.CreatedBy,
        };
    }
}
