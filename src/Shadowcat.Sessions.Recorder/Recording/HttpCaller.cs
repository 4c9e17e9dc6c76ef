namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>What is known of who sends a request without naming a session.</summary>
/// <param name="Place">Where he is and what program it is: its address and agent. It is stored, so it holds no secret.</param>
/// <param name="Connection">The connection that the request came over.</param>
/// <param name="Principal">Who he is, as a keyed hash; null where he does not say.</param>
/// <param name="IsNamed">Whether the principal is what a token says of its owner, which the next token says too; else it is the credential itself.</param>
internal sealed record HttpCaller(string Place, string Connection, string? Principal, bool IsNamed);
