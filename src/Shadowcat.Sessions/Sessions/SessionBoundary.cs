using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>What made the messages of a session one session. Stored as a word.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public enum SessionBoundary
{
    /// <summary>The <c>initialize</c> handshake of a stateful protocol revision.</summary>
    Handshake = 0,

    /// <summary>The time from the beginning to the end of one connection or process.</summary>
    Connection = 1,

    /// <summary>A key found in the messages themselves: <see cref="Session.CorrelationKey"/>.</summary>
    Correlated = 2,

    /// <summary>One request and what answers it.</summary>
    Exchange = 3,
}
