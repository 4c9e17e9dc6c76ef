using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>Options by which a command chooses sessions.</summary>
internal sealed class SessionFilterOptions
{
    /// <summary>The labels of what is kept beside conversations: so that a client resumes its streams, and that what it continues is found.</summary>
    private static readonly SessionTags Beside = ["mcp.sse-events", "mcp.continuation"];

    private readonly Option<SessionStatus?> _status = new("--status") { Description = "Only sessions with this status." };
    private readonly Option<SessionState?> _state = new("--state") { Description = "Only sessions in this state." };
    private readonly Option<string[]> _tags = new("--tag") { Description = "Only sessions with this label; may be given several times." };
    private readonly Option<string?> _owner = new("--owner") { Description = "Only sessions of this owner, by the value of its claim.", HelpName = "value" };
    private readonly Option<string?> _client = new("--client") { Description = "Only sessions of the client with this name.", HelpName = "name" };
    private readonly Option<string?> _server = new("--server") { Description = "Only sessions of the server with this name.", HelpName = "name" };
    private readonly Option<string?> _transportId = new("--transport-session") { Description = "Only the session that the transport calls so.", HelpName = "id" };
    private readonly Option<DateTimeOffset?> _since = Time("--since", "Only sessions that began then or later.");
    private readonly Option<DateTimeOffset?> _until = Time("--until", "Only sessions that began before.");
    private readonly Option<bool> _events = new("--events")
    {
        Description = "Also what servers keep beside the sessions: logs of server-sent events to resume streams from, and notes of what requests continue.",
    };

    private SessionFilterOptions()
    {
    }

    private Option[] Conditions => [_status, _state, _tags, _owner, _client, _server, _transportId, _since, _until];

    /// <summary>Gives a command the options.</summary>
    public static SessionFilterOptions AddTo(Command command)
    {
        var options = new SessionFilterOptions();
        foreach (var option in (Option[])[.. options.Conditions, options._events])
        {
            command.Options.Add(option);
        }

        return options;
    }

    /// <summary>Whether a command line asks for less than all sessions.</summary>
    public bool HasCondition(SymbolResult result) => Conditions.Any(option => result.GetResult(option) is { Implicit: false });

    /// <summary>The sessions that a command line chooses, the newest first.</summary>
    public IAsyncEnumerable<Session> List(ISessionStore store, ParseResult parse, CancellationToken cancellationToken)
    {
        var sessions = store.ListSessionsAsync(
            new SessionFilter
            {
                Order = SessionOrder.NewestFirst,
                Status = parse.GetValue(_status),
                State = parse.GetValue(_state),
                Tags = [.. parse.GetValue(_tags)!.Select(tag => new SessionTag(tag))],
                WithoutTags = parse.GetValue(_events) ? [] : Beside,
                ClientName = parse.GetValue(_client),
                ServerName = parse.GetValue(_server),
                TransportSessionId = parse.GetValue(_transportId),
                CreatedSince = parse.GetValue(_since),
                CreatedBefore = parse.GetValue(_until),
            },
            cancellationToken);

        // A filter asks for a whole owner, with the claim and its issuer, which nobody types.
        return parse.GetValue(_owner) is { } owner ? sessions.Where(session => session.Owner?.Value == owner) : sessions;
    }

    /// <param name="name">The option.</param>
    /// <param name="description">What it chooses.</param>
    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = $"{description} A time such as 2026-11-30 or 2026-11-30T09:30, of this machine where it names no zone; or how long ago: 90s, 30m, 12h or 7d.",
        HelpName = "time",
        CustomParser = result => Parse(result, name),
    };

    private static DateTimeOffset? Parse(ArgumentResult result, string name)
    {
        var text = result.Tokens[0].Value;
        if (AgoOf(text) is { } ago)
        {
            return TimeProvider.System.GetUtcNow() - ago;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time))
        {
            return time;
        }

        result.AddError($"'{name}' takes a time such as 2026-11-30T09:30, or how long ago, such as 30m; '{text}' is neither.");
        return null;
    }

    private static TimeSpan? AgoOf(string text)
    {
        const int MaxDigits = 6;
        if (text.Length is < 2 or > MaxDigits + 1 || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
        {
            return null;
        }

        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' when count <= 100_000 => TimeSpan.FromDays(count),
            _ => null,
        };
    }
}
