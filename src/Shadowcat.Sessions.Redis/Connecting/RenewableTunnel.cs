using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using StackExchange.Redis.Configuration;

namespace Shadowcat.Sessions.Redis;

/// <summary>Connects directly to the server, and keeps the sockets, so that they can be closed and made anew: the address may belong to another server by now.</summary>
/// <remarks>
/// Managed services fail over behind one address. The client library looks up an address only when it connects. It keeps a connection to a server that has become a
/// read-only replica for ever, because an error is an answer.
/// </remarks>
internal sealed class RenewableTunnel : Tunnel
{
    private readonly TunnelSockets _sockets = new();

    /// <summary>Closes every socket. The client library makes each anew at once.</summary>
    public void CloseAll() => _sockets.CloseAllExcept(null);

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
