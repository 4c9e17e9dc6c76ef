using System.Globalization;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Chooses the session of a message by the first of these that it has: transport session, task or request state, trace, principal and client program. A message with none of them is an exchange of its own.</summary>
/// <remarks>
/// <para>All keys include the principal, so nobody joins the session of another principal by naming it. Two clients that are not authenticated and use the same program share a session. Where that is not
/// good enough, register an <see cref="ISessionCorrelator"/> that knows more, such as the address of the client.</para>
/// <para>Clients of revisions before 2026-07-28 name themselves to a stateless server in the handshake only. They are distinguished by their principal alone.</para>
/// </remarks>
public sealed class DefaultSessionCorrelator : ISessionCorrelator
{
    /// <summary>Whether messages of one trace are one session. Set it to false where clients begin a trace with every call.</summary>
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
