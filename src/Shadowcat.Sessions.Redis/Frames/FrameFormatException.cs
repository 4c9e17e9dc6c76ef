namespace Shadowcat.Sessions.Redis;

/// <summary>Stored bytes are not a frame this library reads. A store turns it into a <see cref="SessionSerializationException"/> that says which frame.</summary>
internal sealed class FrameFormatException(string message, long? formatVersion, Exception? innerException = null)
    : Exception(message, innerException)
{
    public long? FormatVersion { get; } = formatVersion;
}
