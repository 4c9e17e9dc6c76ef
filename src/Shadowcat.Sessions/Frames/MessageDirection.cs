using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>Which way a message went. The numbers are stored and never change their meaning.</summary>
[JsonConverter(typeof(SessionsJsonConverter))]
public enum MessageDirection
{
    /// <summary>From the client to the server.</summary>
    ClientToServer = 0,

    /// <summary>From the server to the client.</summary>
    ServerToClient = 1,

    /// <summary>Made by whoever stands between them, and seen by neither.</summary>
    Internal = 2,
}
