namespace Shadowcat.Sessions.Mcp;

/// <summary>Decides which messages are one session, where no connection does. Replaceable: register another one.</summary>
public interface ISessionCorrelator
{
    /// <summary>Names the session of a message.</summary>
    /// <param name="context">The first message of a transport session or of a request without one, with what is known about it.</param>
    /// <returns>What makes it part of a session.</returns>
    /// <remarks>
    /// Called on the way of the message, so it must be quick, and from any number of threads. Where it throws, the message and what answers it
    /// become a session of their own; the conversation goes on.
    /// </remarks>
    SessionCorrelation Correlate(CorrelationContext context);
}
