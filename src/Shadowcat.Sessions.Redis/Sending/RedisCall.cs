namespace Shadowcat.Sessions.Redis;

/// <summary>A call of the contract and its deadline. Everything that is sent for the call shares them.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Id">The session, where the call is about one.</param>
/// <param name="Timeout">How long it may take.</param>
/// <param name="Deadline">When that time is up, as a timestamp of the time provider.</param>
internal readonly record struct RedisCall(string Operation, SessionId? Id, TimeSpan Timeout, long Deadline);
