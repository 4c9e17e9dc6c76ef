namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>All that is looked for in a conversation.</summary>
internal static class CheckRules
{
    public static readonly CheckRule InvalidMessage = new("invalid-message", Severity.Error, "A message is no JSON-RPC 2.0.");
    public static readonly CheckRule AnswerWithoutRequest = new("answer-without-request", Severity.Error, "An answer has the id of no request.");
    public static readonly CheckRule SecondAnswer = new("second-answer", Severity.Error, "A request was answered before.");
    public static readonly CheckRule AnsweredNotification = new("answered-notification", Severity.Error, "A notification was answered.");
    public static readonly CheckRule RequestWithoutAnswer = new("request-without-answer", Severity.Error, "A request was never answered.");
    public static readonly CheckRule ReusedRequestId = new("reused-request-id", Severity.Error, "A request has the id of an earlier one, which the revision forbids.");
    public static readonly CheckRule AnswerAfterCancel = new("answer-after-cancel", Severity.Warning, "A request was answered although it was cancelled.");
    public static readonly CheckRule SlowAnswer = new("slow-answer", Severity.Warning, "An answer came late.");
    public static readonly CheckRule ErrorAnswer = new("error-answer", Severity.Warning, "A request was answered with an error.");
    public static readonly CheckRule ToolError = new("tool-error", Severity.Warning, "A tool says that it failed.");
    public static readonly CheckRule HttpError = new("http-error", Severity.Warning, "The server answered with an HTTP status of failure and no message.");
    public static readonly CheckRule BrokenExchange = new("broken-exchange", Severity.Error, "A connection broke, or the server could not be reached.");
    public static readonly CheckRule VersionNotNegotiated = new("version-not-negotiated", Severity.Warning, "Nobody named a protocol version.");
    public static readonly CheckRule VersionRefused = new("version-refused", Severity.Warning, "The server refused the client's protocol version.");
    public static readonly CheckRule VersionChanged = new("version-changed", Severity.Note, "The server answered initialize with another version than it was asked for.");
    public static readonly CheckRule VersionMissing = new("version-missing", Severity.Warning, "A request names no version in a revision in which each does.");
    public static readonly CheckRule UnknownRevision = new("unknown-revision", Severity.Warning, "A protocol version is no published revision.");
    public static readonly CheckRule HeaderMismatch = new("header-mismatch", Severity.Error, "A header says another thing than the message.");
    public static readonly CheckRule MessageBeforeInitialize = new("message-before-initialize", Severity.Error, "A message came before the handshake was over.");
    public static readonly CheckRule InitializedMissing = new("initialized-missing", Severity.Warning, "The client never sent notifications/initialized.");
    public static readonly CheckRule Undelivered = new("undelivered", Severity.Warning, "A message never reached its receiver.");
    public static readonly CheckRule RecordingGap = new("recording-gap", Severity.Warning, "Messages are missing in the recording.");
    public static readonly CheckRule IncompleteMessage = new("incomplete-message", Severity.Note, "Only a part of a message was recorded.");

    /// <summary>The rules in the order in which they are listed.</summary>
    public static IReadOnlyList<CheckRule> All { get; } =
    [
        InvalidMessage, AnswerWithoutRequest, SecondAnswer, AnsweredNotification, RequestWithoutAnswer, ReusedRequestId, AnswerAfterCancel, SlowAnswer, ErrorAnswer, ToolError, HttpError, BrokenExchange,
        VersionNotNegotiated, VersionRefused, VersionChanged, VersionMissing, UnknownRevision, HeaderMismatch, MessageBeforeInitialize, InitializedMissing, Undelivered, RecordingGap, IncompleteMessage,
    ];
}
