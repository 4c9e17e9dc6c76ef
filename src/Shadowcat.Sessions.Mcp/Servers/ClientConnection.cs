namespace Shadowcat.Sessions.Mcp;

/// <summary>The connection that a request of a client came over, without a proxy in between.</summary>
/// <param name="Id">Identifies the connection in this process.</param>
/// <param name="Address">The client's IP address; <c>loopback</c> for all of this machine.</param>
/// <param name="Agent">What the client's HTTP library says it is; empty where it says nothing.</param>
/// <param name="Credentials">A keyed hash of the credentials in its headers, which never leaves this process; null where there are none.</param>
/// <param name="Closed">Is cancelled when the connection ends.</param>
internal sealed record ClientConnection(string Id, string Address, string Agent, string? Credentials, CancellationToken Closed);
