using System.Text.Json.Serialization;

namespace Shadowcat.Sessions;

/// <summary>What a JSON-RPC message is. The numbers are stored and never change their meaning.</summary>
/// <seealso href="https://www.jsonrpc.org/specification"/>
[JsonConverter(typeof(SessionsJsonConverter))]
public enum MessageKind
{
    /// <summary>Not one JSON-RPC 2.0 message: other bytes, broken JSON, a batch.</summary>
    Unparsed = 0,

    /// <summary>A method call that asks for an answer.</summary>
    Request = 1,

    /// <summary>An answer with a result.</summary>
    Response = 2,

    /// <summary>An answer with an error.</summary>
    Error = 3,

    /// <summary>A method call that asks for no answer.</summary>
    Notification = 4,
}
