using System.CommandLine;
using System.CommandLine.Parsing;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>Names a recorded session.</summary>
internal static class SessionArgument
{
    public static Argument<SessionId> Create() => new("session")
    {
        Description = "The id of the session, as 'list' shows it.",
        CustomParser = result => Parse(result)[0],
    };

    /// <summary>Any number of them.</summary>
    public static Argument<SessionId[]> CreateMany() => new("session")
    {
        Description = "The ids of sessions, as 'list' shows them.",
        Arity = ArgumentArity.ZeroOrMore,
        CustomParser = Parse,
    };

    private static SessionId[] Parse(ArgumentResult result)
    {
        try
        {
            return [.. result.Tokens.Select(static token => new SessionId(token.Value))];
        }
        catch (ArgumentException exception)
        {
            // Without the name of the parameter, which only programs know.
            result.AddError(exception.Message.Split(" (Parameter")[0]);
            return [default];
        }
    }
}
