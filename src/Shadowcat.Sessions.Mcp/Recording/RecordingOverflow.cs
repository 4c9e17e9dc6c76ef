namespace Shadowcat.Sessions.Mcp;

/// <summary>What happens to a message where the queue of messages to write is full.</summary>
public enum RecordingOverflow
{
    /// <summary>It is dropped and counted. The conversation is not slowed down.</summary>
    Drop = 0,

    /// <summary>It waits until the queue has capacity, and the conversation with it (backpressure): the conversation becomes as slow as the store, and stops while the store is unavailable.</summary>
    Wait = 1,
}
