using System.Text.Json.Serialization;

namespace Shadowcat.Sessions.FileStore;

/// <summary>Writes and reads what is stored, without reflection.</summary>
[JsonSerializable(typeof(StoredFile))]
[JsonSerializable(typeof(StoredFrame))]
internal sealed partial class StoredJson : JsonSerializerContext;
