namespace Shadowcat.Sessions.Chaos.Schedules.Exploring;

/// <summary>Takes, run by run, every way there is through the choices of a plan, each once: the last choice that has another way is made anew.</summary>
/// <remarks>It relies on a plan being the same each time it is run with the same choices; where one was not, it has to be run again.</remarks>
internal sealed class EveryChoice : IChoices
{
    private readonly List<(int Taken, int Possible)> _path = [];
    private int _depth;

    public Step Choose(IReadOnlyList<Step> possible)
    {
        if (_depth == _path.Count)
        {
            _path.Add((0, possible.Count));
        }
        else if (_path[_depth].Possible != possible.Count)
        {
            throw new DivergedException($"Run again with the same choices, the plan went another way: there were {_path[_depth].Possible} possible steps, now there are {string.Join(' ', possible)}.");
        }

        return possible[_path[_depth++].Taken];
    }

    /// <summary>Goes the same way once more.</summary>
    public void Again() => _depth = 0;

    /// <summary>Turns to the next way.</summary>
    /// <returns>Whether there is one.</returns>
    public bool MoveNext()
    {
        _depth = 0;
        while (_path.Count > 0 && _path[^1] is var (taken, possible) && taken + 1 == possible)
        {
            _path.RemoveAt(_path.Count - 1);
        }

        if (_path.Count == 0)
        {
            return false;
        }

        _path[^1] = (_path[^1].Taken + 1, _path[^1].Possible);
        return true;
    }
}
