using System.CommandLine;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>Names a recorded session.</summary>
internal static class SessionArgument
{
    public static Argument<SessionId> Create() => new("session")
    {
        Description = "The id of the session, as 'list' shows it.",
        CustomParser = result =>
        {
            try
            {
                return new SessionId(result.Tokens[0].Value);
            }
            catch (ArgumentException exception)
            {
                // Without the name of the parameter, which only programs know.
                result.AddError(exception.Message.Split(" (Parameter")[0]);
                return default;
            }
        },
    };
}
