namespace Shadowcat.Sessions;

/// <summary>How a store says that a session is full.</summary>
internal static class FrameLimits
{
    public static SessionLimitExceededException TooMany(string operation, SessionId id, SessionStoreOptions options) => new(
        operation, id, nameof(options.MaxFramesPerSession), $"the session would keep more than {options.MaxFramesPerSession} frames.");

    public static SessionLimitExceededException TooLarge(string operation, SessionId id, SessionStoreOptions options) => new(
        operation, id, nameof(options.MaxFramesBytesPerSession), $"the session would keep more than {options.MaxFramesBytesPerSession} bytes of frames.");
}
