namespace Shadowcat.Sessions.AspNetCore;

/// <summary>A request names another protocol version than was negotiated, and its session would have to be resumed in this process for it.</summary>
#pragma warning disable CA1064 // It is thrown by the migration handler and caught by the guard.
internal sealed class OtherVersionException : Exception;
#pragma warning restore CA1064
