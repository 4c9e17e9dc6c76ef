using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Shadowcat.Sessions.Redis;

/// <summary>Leads straight to the server, and knows the sockets, so that they can be broken and made anew: the address may lead to another server by now.</summary>
/// <remarks>
/// Managed services fail over behind one address. The client library looks up an address only when it connects, and keeps a connection to a server that has become
/// a read-only replica for ever: all that it answers is an error, which does not count as broken.
/// </remarks>
internal sealed class RenewableTunnel : Tunnel
{
    private readonly LedSockets _sockets = new();

    /// <summary>Breaks every socket. The client library makes each anew at once.</summary>
    public void BreakAll() => _sockets.BreakAllBut(null);

    public override ValueTask<Stream?> BeforeAuthenticateAsync(
        EndPoint endpoint, ConnectionType connectionType, Socket? socket, CancellationToken cancellationToken)
    {
        if (socket is not null)
        {
            _sockets.Add(socket);
        }

        return default;
    }
}
