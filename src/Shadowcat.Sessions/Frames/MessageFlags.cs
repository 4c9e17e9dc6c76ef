using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>What happened to a message on its way into the store. The bits are stored and never change their meaning.</summary>
[Flags]
[JsonConverter(typeof(SessionsJsonConverter))]
public enum MessageFlags
{
    /// <summary>Nothing: the payload is what went over the wire, and it arrived.</summary>
    None = 0,

    /// <summary>The payload is only the beginning of the message.</summary>
    Truncated = 1,

    /// <summary>Parts of the payload or of the metadata were replaced before they were stored.</summary>
    Redacted = 2,

    /// <summary>The message never reached its receiver.</summary>
    Undelivered = 4,
}
