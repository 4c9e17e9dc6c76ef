using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Collects what is found in a conversation: all of it is counted, and of each rule the first are listed.</summary>
/// <param name="ignored">The ids of the rules that nobody wants to know of.</param>
internal sealed class Findings(IReadOnlySet<string> ignored)
{
    /// <summary>How many are listed of a rule: a recording may have the same fault in each of a million frames.</summary>
    public const int MaxPerRule = 100;

    private const int MaxMessageCells = 400;

    private readonly List<Finding> _listed = [];
    private readonly Dictionary<CheckRule, int> _counts = [];
    private readonly int[] _bySeverity = new int[Enum.GetValues<Severity>().Length];

    /// <summary>Those that are listed, in the order of the conversation; what is about all of it comes last.</summary>
    public IReadOnlyList<Finding> Listed => [.. _listed.OrderBy(static finding => finding.Sequence ?? long.MaxValue)];

    /// <summary>How many there are of a severity, also such as are not listed.</summary>
    public int Count(Severity severity) => _bySeverity[(int)severity];

    /// <summary>How many of each rule are not listed.</summary>
    public IReadOnlyDictionary<CheckRule, int> Omitted =>
        _counts.Where(static count => count.Value > MaxPerRule).ToDictionary(static count => count.Key, static count => count.Value - MaxPerRule);

    /// <param name="rule">What is wrong.</param>
    /// <param name="sequence">The frame; null for none.</param>
    /// <param name="message">What was found. Peers may have chosen parts of it.</param>
    /// <param name="severity">How bad it is; null for what the rule says.</param>
    public void Add(CheckRule rule, long? sequence, string message, Severity? severity = null)
    {
        if (ignored.Contains(rule.Id))
        {
            return;
        }

        var count = _counts[rule] = _counts.GetValueOrDefault(rule) + 1;
        _bySeverity[(int)(severity ?? rule.Severity)]++;
        if (count <= MaxPerRule)
        {
            _listed.Add(new Finding(rule, severity ?? rule.Severity, sequence, SafeText.Cut(SafeText.Of(message), MaxMessageCells)));
        }
    }
}
