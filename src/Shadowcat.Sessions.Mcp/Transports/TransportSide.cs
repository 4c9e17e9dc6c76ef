namespace Shadowcat.Sessions.Mcp;

/// <summary>The side of a conversation that a transport is on.</summary>
/// <param name="Sent">The direction of what is sent.</param>
/// <param name="Received">The direction of what is received.</param>
/// <param name="Name">The name of this side.</param>
/// <param name="Peer">The name of the other side.</param>
internal sealed record TransportSide(MessageDirection Sent, MessageDirection Received, string Name, string Peer)
{
    public static TransportSide Client { get; } = new(MessageDirection.ClientToServer, MessageDirection.ServerToClient, "client", "server");

    public static TransportSide Server { get; } = new(MessageDirection.ServerToClient, MessageDirection.ClientToServer, "server", "client");
}
