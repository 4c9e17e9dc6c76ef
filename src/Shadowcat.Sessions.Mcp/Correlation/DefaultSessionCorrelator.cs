using System.Globalization;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Brings messages together by the first of these that there is: transport session, task or request state, trace, principal and client. What has none is an exchange of its own.</summary>
/// <remarks>
/// <para>All keys hold the principal, so nobody gets into the session of somebody else by naming it. Two people who are not authenticated and
/// use the same program are one client to it: where that is not good enough, register an <see cref="ISessionCorrelator"/> that knows more, such
/// as the address of the client.</para>
/// <para>Clients of revisions before 2026-07-28 that meet a stateless server name themselves in the handshake only; they are told apart by their principal alone.</para>
/// </remarks>
public sealed class DefaultSessionCorrelator : ISessionCorrelator
{
    /// <summary>Whether messages of one trace are one session. False where clients begin a trace with every call.</summary>
    /// <value>True by default.</value>
    public bool UsesTraces { get; init; } = true;

    /// <inheritdoc/>
    public SessionCorrelation Correlate(CorrelationContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.TransportSessionId is { } session)
        {
            return SessionCorrelation.ByTransport(session);
        }

        if (context.Continued is { } continued)
        {
            return continued;
        }

        if (UsesTraces && context.TraceId is { } trace)
        {
            return SessionCorrelation.ByKey(Principal(context) + $"&trace={trace}");
        }

        if (context.Client is { } client)
        {
            return SessionCorrelation.ByKey(Principal(context) + string.Create(
                CultureInfo.InvariantCulture, $"&client={Uri.EscapeDataString(client.Name)}/{Uri.EscapeDataString(client.Version)}"));
        }

        return context.Owner is null ? SessionCorrelation.Exchange : SessionCorrelation.ByKey(Principal(context));
    }

    private static string Principal(CorrelationContext context)
    {
        var server = $"server={Uri.EscapeDataString(context.ServerName)}";
        return context.Owner is { } owner
            ? $"{server}&{Uri.EscapeDataString(owner.ClaimType)}={Uri.EscapeDataString(owner.Value)}&issuer={Uri.EscapeDataString(owner.Issuer)}"
            : server;
    }
}
