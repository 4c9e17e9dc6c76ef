namespace Shadowcat.Sessions.Mcp;

/// <summary>Chooses the session of messages that do not share a connection. Register one of your own in the container to replace the <see cref="DefaultSessionCorrelator"/>.</summary>
/// <example>
/// <code>
/// public sealed class TenantCorrelator : ISessionCorrelator
/// {
///     public SessionCorrelation Correlate(CorrelationContext context) =>
///         context.Owner is { } owner ? SessionCorrelation.ByKey($"tenant={owner.Issuer}&amp;user={owner.Value}") : SessionCorrelation.Exchange;
/// }
/// </code>
/// </example>
public interface ISessionCorrelator
{
    /// <summary>Chooses the session of a message.</summary>
    /// <param name="context">The first message of a transport session, or of a request without one, and what is known about it.</param>
    /// <returns>What identifies the session.</returns>
    /// <remarks>
    /// The message waits for it, so it must be quick. It is called from any number of threads. Where it throws, the failure is logged, and the message and its answer become a session of their own.
    /// </remarks>
    SessionCorrelation Correlate(CorrelationContext context);
}
