using System.Net;

namespace Shadowcat.Sessions.Redis;

/// <summary>The primary of a service, as sentinels name it.</summary>
/// <param name="Host">Its name or address: what its certificate is for, where it speaks TLS.</param>
/// <param name="Address">Where it is.</param>
/// <param name="IsBeingReplaced">Whether the sentinels are about to make another server the primary: what this one still acknowledges is lost.</param>
internal sealed record RedisPrimary(string Host, IPEndPoint Address, bool IsBeingReplaced);
