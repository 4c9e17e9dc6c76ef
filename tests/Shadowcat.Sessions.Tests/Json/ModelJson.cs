using System.Text.Json.Serialization;

namespace Shadowcat.Sessions.Tests.Json;

/// <summary>What an application generates that holds sessions and frames in types of its own.</summary>
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(MessageEnvelope))]
[JsonSerializable(typeof(List<MessageEnvelope>))]
[JsonSerializable(typeof(SessionView))]
internal sealed partial class ModelJson : JsonSerializerContext;
