namespace Shadowcat.Sessions.Mcp;

/// <summary>Which end of a conversation a transport is.</summary>
/// <param name="Sent">Which way what is sent goes.</param>
/// <param name="Received">Which way what is received comes.</param>
/// <param name="Name">Who is at this end.</param>
/// <param name="Peer">Who is at the other.</param>
internal sealed record TransportSide(MessageDirection Sent, MessageDirection Received, string Name, string Peer)
{
    public static TransportSide Client { get; } = new(MessageDirection.ClientToServer, MessageDirection.ServerToClient, "client", "server");

    public static TransportSide Server { get; } = new(MessageDirection.ServerToClient, MessageDirection.ClientToServer, "server", "client");
}
