using System.Text.Json;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Which members of a message say something, and in which object.</summary>
/// <remarks>Each name means one thing in the protocol, whatever the method, so the method need not be known.</remarks>
internal static class MessageMembers
{
    /// <summary>The member whose name a reader stands on.</summary>
    public static MessageMember Find(ref Utf8JsonReader reader, MessageScope scope) => scope switch
    {
        MessageScope.Parameters => OfParameters(ref reader),
        MessageScope.Meta when reader.ValueTextEquals("progressToken"u8) => MessageMember.ProgressToken,
        MessageScope.Reference when reader.ValueTextEquals("name"u8) || reader.ValueTextEquals("uri"u8) => MessageMember.Target,
        MessageScope.RelatedTask or MessageScope.Task when reader.ValueTextEquals("taskId"u8) => MessageMember.TaskId,
        MessageScope.Result => OfResult(ref reader),
        MessageScope.Error when reader.ValueTextEquals("code"u8) => MessageMember.ErrorCode,
        MessageScope.Error when reader.ValueTextEquals("message"u8) => MessageMember.ErrorMessage,
        _ => MessageMember.None,
    };

    private static MessageMember OfParameters(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("name"u8) || reader.ValueTextEquals("uri"u8) ? MessageMember.Target
        : reader.ValueTextEquals("progressToken"u8) ? MessageMember.ProgressToken
        : reader.ValueTextEquals("progress"u8) ? MessageMember.Progress
        : reader.ValueTextEquals("total"u8) ? MessageMember.Total

        // The latter is the recorder's own, of a request that was cancelled without a message.
        : reader.ValueTextEquals("requestId"u8) || reader.ValueTextEquals("id"u8) ? MessageMember.CancelledId
        : reader.ValueTextEquals("taskId"u8) ? MessageMember.TaskId
        : reader.ValueTextEquals("requestState"u8) ? MessageMember.RequestState
        : reader.ValueTextEquals("level"u8) ? MessageMember.LogLevel
        : MessageMember.None;

    private static MessageMember OfResult(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("isError"u8) ? MessageMember.IsError
        : reader.ValueTextEquals("taskId"u8) ? MessageMember.TaskId
        : reader.ValueTextEquals("requestState"u8) ? MessageMember.RequestState
        : MessageMember.None;
}
