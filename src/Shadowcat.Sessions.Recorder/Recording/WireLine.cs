
namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>A line as it went over the wire, without its line feed; a carriage return before it stays.</summary>
/// <param name="Direction">Which way it went.</param>
/// <param name="Bytes">Its bytes, or the first of them where it was longer than a splitter keeps.</param>
/// <param name="Length">How many bytes it had.</param>
/// <param name="IsTerminated">False where the stream ended without a line feed.</param>
/// <param name="IsUndelivered">True where its receiver had already closed its end.</param>
/// <param name="IsCut">True where the bytes are only its beginning.</param>
internal sealed record WireLine(
    MessageDirection Direction, ReadOnlyMemory<byte> Bytes, long Length, bool IsTerminated, bool IsUndelivered, bool IsCut);
