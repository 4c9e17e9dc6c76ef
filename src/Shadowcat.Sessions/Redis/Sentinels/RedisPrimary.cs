using System.Net;

namespace Shadowcat.Sessions;

/// <summary>The primary of a service, as sentinels name it.</summary>
/// <param name="Host">Its name or address: what its certificate is for, where it speaks TLS.</param>
/// <param name="Address">Where it is.</param>
internal sealed record RedisPrimary(string Host, IPEndPoint Address);
