using System.Text.Json.Serialization;

namespace Shadowcat.Sessions.Aot.Model;

/// <summary>Writes and reads <see cref="Conversation"/> without reflection.</summary>
[JsonSerializable(typeof(Conversation))]
internal sealed partial class ConversationJson : JsonSerializerContext;
