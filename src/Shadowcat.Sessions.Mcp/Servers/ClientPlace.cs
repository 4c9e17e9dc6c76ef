namespace Shadowcat.Sessions.Mcp;

/// <summary>What a client shares with all others on the same machine that use the same library and the same credentials. It is not stored.</summary>
/// <param name="Server">The name of the server.</param>
/// <param name="Address">The client's IP address.</param>
/// <param name="Agent">What its HTTP library says it is.</param>
/// <param name="Credentials">A keyed hash of its credentials; null for none.</param>
internal sealed record ClientPlace(string Server, string Address, string Agent, string? Credentials);
