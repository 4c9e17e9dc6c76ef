namespace Shadowcat.Sessions.Mcp;

/// <summary>Why a message was not recorded: a closed set.</summary>
internal static class DropReason
{
    public const string QueueFull = "queue_full";
    public const string StoreFailed = "store_failed";
    public const string StoreLost = "store_lost";
    public const string RedactionFailed = "redaction_failed";
    public const string SessionGone = "session_gone";
    public const string RecordingFailed = "recording_failed";
    public const string ClientLimit = "client_limit";
    public const string Stopped = "stopped";
}
