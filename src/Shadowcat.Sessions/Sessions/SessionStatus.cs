using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>How a session ended, or that it goes on. Stored as a word.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public enum SessionStatus
{
    /// <summary>The conversation goes on: the one status of a session that is not <see cref="SessionState.Closed"/>.</summary>
    Active = 0,

    /// <summary>The conversation ended as its peers meant it to.</summary>
    Completed = 1,

    /// <summary>The conversation ended by an error.</summary>
    Failed = 2,

    /// <summary>The conversation ended because a peer fell silent.</summary>
    TimedOut = 3,
}
