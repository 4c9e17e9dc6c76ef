namespace Shadowcat.Sessions.Aot;

/// <summary>Something that a call returned is not what it should be.</summary>
internal sealed class CheckFailedException(string message) : Exception(message);
