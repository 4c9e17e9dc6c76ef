using System.Text.Json.Serialization;

namespace Shadowcat.Sessions.Redis;

/// <summary>The structured fields of a session as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, MaxDepth = 8)]
[JsonSerializable(typeof(VersionState))]
[JsonSerializable(typeof(SessionOwner))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class SessionJson : JsonSerializerContext;
