namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>A server-sent event.</summary>
/// <param name="Data">Its data, or the beginning where there was more than a splitter keeps.</param>
/// <param name="Length">How many bytes of data it had.</param>
/// <param name="Id">Its id; null where it has none of its own.</param>
/// <param name="Type">What kind it is; null where it does not say.</param>
internal sealed record SseMessage(ReadOnlyMemory<byte> Data, long Length, string? Id, string? Type);
