namespace Shadowcat.Sessions.Redis;

/// <summary>A call of the contract, with when it has to be over: whatever it takes to carry it out shares this.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Id">The session it is about, where there is one.</param>
/// <param name="Timeout">How long it takes at most.</param>
/// <param name="Deadline">When that has passed, as a timestamp of the time provider.</param>
internal readonly record struct RedisCall(string Operation, SessionId? Id, TimeSpan Timeout, long Deadline);
