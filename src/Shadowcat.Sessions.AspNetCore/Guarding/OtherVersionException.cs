namespace Shadowcat.Sessions.AspNetCore;

/// <summary>A request names another version than was agreed on, and its session would have to be taken over for it.</summary>
#pragma warning disable CA1064 // It goes from the handler of the SDK to the guard, and no further.
internal sealed class OtherVersionException : Exception;
#pragma warning restore CA1064
