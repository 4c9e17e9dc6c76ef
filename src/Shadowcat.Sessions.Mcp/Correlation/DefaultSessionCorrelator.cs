using System.Globalization;

namespace Shadowcat.Sessions.Mcp;

/// <summary>
/// Chooses the session of a message by the first of these that it has: transport session, task or request state, trace, principal and client program, connection. A message with none of them is an
/// exchange of its own.
/// </summary>
/// <remarks>
/// <para>All keys include the principal, so nobody joins the session of another principal by naming it. Clients that are not authenticated share a session where they use the same program at the same
/// address; behind a proxy, where addresses say nothing, wherever they are. Where that is not good enough, register an <see cref="ISessionCorrelator"/> that knows more.</para>
/// <para>Clients of revisions before 2026-07-28 name themselves to a stateless server in the handshake only. They are distinguished by their principal; those that are not authenticated by their
/// connections, and behind a proxy not at all: there each exchange is a session.</para>
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

        if (context.ConnectionKey is { } connection)
        {
            return SessionCorrelation.ByKey(Principal(context) + $"&connection={connection}");
        }

        if (context.Client is { } client)
        {
            return SessionCorrelation.ByKey(Principal(context) + string.Create(
                CultureInfo.InvariantCulture, $"&client={Uri.EscapeDataString(client.Name)}/{Uri.EscapeDataString(client.Version)}") + Address(context));
        }

        return context.Owner is null ? SessionCorrelation.Exchange : SessionCorrelation.ByKey(Principal(context));
    }

    private static string Address(CorrelationContext context) =>
        context is { Owner: null, ClientAddress: { } address } ? $"&address={Uri.EscapeDataString(address)}" : "";

    private static string Principal(CorrelationContext context)
    {
        var server = $"server={Uri.EscapeDataString(context.ServerName)}";
        return context.Owner is { } owner
            ? $"{server}&{Uri.EscapeDataString(owner.ClaimType)}={Uri.EscapeDataString(owner.Value)}&issuer={Uri.EscapeDataString(owner.Issuer)}"
            : server;
    }
}
