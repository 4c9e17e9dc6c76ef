namespace Shadowcat.Sessions.Inspector;

/// <summary>Which sessions a search finds: what a store can filter by, and the rest, which is asked of each session that it yields.</summary>
internal sealed class SessionSearch
{
    private static readonly string[] Fields = ["status", "state", "transport", "tag", "owner", "client", "server", "id", "since", "before", "active"];

    /// <summary>The labels of what is kept beside conversations, so that a client resumes its streams, and that what it continues is found. Only a search for one of them shows it.</summary>
    private static readonly string[] Beside = ["mcp.sse-events", "mcp.continuation"];

    private readonly List<Func<Session, bool>> _conditions = [];
    private readonly List<string> _hidden = [.. Beside];
    private readonly DateTimeOffset _now;
    private readonly TimeSpan _offset;

    private SessionSearch(SessionFilter filter, DateTimeOffset now, TimeSpan offset)
    {
        Filter = filter;
        _now = now;
        _offset = offset;
    }

    /// <summary>What the store is asked for.</summary>
    public SessionFilter Filter { get; private set; }

    /// <summary>Reads a search.</summary>
    /// <param name="search">The search; empty for all sessions.</param>
    /// <param name="filter">The order, and what holds for every search.</param>
    /// <param name="now">The time it is.</param>
    /// <param name="offset">The zone of whoever searches.</param>
    /// <exception cref="ProblemException">It is not understood; says where.</exception>
    public static SessionSearch Parse(string search, SessionFilter filter, DateTimeOffset now, TimeSpan offset = default)
    {
        var parsed = new SessionSearch(filter, now, offset);
        foreach (var term in SearchTerms.Parse(search))
        {
            parsed.Add(term);
        }

        parsed.Filter = parsed.Filter with { WithoutTags = [.. parsed.Filter.WithoutTags, .. parsed._hidden.Select(static tag => new SessionTag(tag))] };
        return parsed;
    }

    /// <summary>Whether a session meets what the store was not asked for.</summary>
    public bool Matches(Session session) => _conditions.TrueForAll(condition => condition(session));

    private void Add(SearchTerm term)
    {
        switch (term.Field)
        {
            case null:
                Where(term, session => SessionText.Contains(session, term.Value));
                break;
            case "status":
                var status = Word<SessionStatus>(term);
                Choose(term, Filter.Status is null, filter => filter with { Status = status }, session => session.Status == status);
                break;
            case "state":
                var state = Word<SessionState>(term);
                Choose(term, Filter.State is null, filter => filter with { State = state }, session => session.State == state);
                break;
            case "transport":
                var transport = Word<TransportType>(term);
                Choose(term, Filter.TransportType is null, filter => filter with { TransportType = transport }, session => session.TransportType == transport);
                break;
            case "tag":
                AddTag(term);
                break;
            case "owner":
                Where(term, session => Has(session.Owner?.Value, term.Value));
                break;
            case "client":
                Where(term, session => Has(session.ClientInfo, term.Value));
                break;
            case "server":
                Where(term, session => Has(session.ServerInfo, term.Value));
                break;
            case "id":
                Where(term, session => Has(session.Id.Value, term.Value) || Has(session.TransportSessionId, term.Value) || Has(session.CorrelationKey, term.Value));
                break;
            case "since":
                var since = SearchTime.Parse(term, _now, _offset);
                Choose(term, Filter.CreatedSince is null, filter => filter with { CreatedSince = since }, session => session.CreatedAt >= since);
                break;
            case "before":
                var before = SearchTime.Parse(term, _now, _offset);
                Choose(term, Filter.CreatedBefore is null, filter => filter with { CreatedBefore = before }, session => session.CreatedAt < before);
                break;
            case "active":
                var active = SearchTime.Parse(term, _now, _offset);
                Choose(term, Filter.ActiveSince is null, filter => filter with { ActiveSince = active }, session => session.LastActivity >= active);
                break;
            default:
                throw term.Mistake($"There is no field '{term.Field}'. Fields are {string.Join(", ", Fields)}; put text with a colon between quotation marks.");
        }
    }

    private void AddTag(SearchTerm term)
    {
        SessionTag tag;
        try
        {
            tag = new SessionTag(term.Value);
        }
        catch (ArgumentException exception)
        {
            throw term.Mistake($"No session has such a tag: {exception.Message}");
        }

        if (term.IsNegated)
        {
            Filter = Filter with { WithoutTags = [.. Filter.WithoutTags, tag] };
        }
        else
        {
            _hidden.Remove(term.Value);
            Filter = Filter with { Tags = [.. Filter.Tags, tag] };
        }
    }

    /// <summary>A condition that the store is asked for, where it can be: once, and not negated.</summary>
    private void Choose(SearchTerm term, bool isFree, Func<SessionFilter, SessionFilter> ask, Func<Session, bool> condition)
    {
        if (isFree && !term.IsNegated)
        {
            Filter = ask(Filter);
        }
        else
        {
            Where(term, condition);
        }
    }

    private void Where(SearchTerm term, Func<Session, bool> condition) => _conditions.Add(term.IsNegated ? session => !condition(session) : condition);

    private static TEnum Word<TEnum>(SearchTerm term)
        where TEnum : struct, Enum =>
        Words<TEnum>.TryParse(term.Value, out var value) ? value : throw term.Mistake($"'{term.Field}:' is one of {string.Join(", ", Words<TEnum>.All)}; '{term.Value}' is not among them.");

    private static bool Has(Peer? peer, string text) => Has(peer?.Name, text) || Has(peer?.Title, text) || Has(peer?.Version, text);

    private static bool Has(string? value, string text) => value?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}
