namespace Shadowcat.Sessions.Tests.Json;

/// <summary>A type of an application that holds what the model has.</summary>
internal sealed record SessionView(Session Session, IReadOnlyList<MessageEnvelope> Frames, SessionStatus Status, SessionId? Before, RequestId? Last);
