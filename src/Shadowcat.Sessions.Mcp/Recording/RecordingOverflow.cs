namespace Shadowcat.Sessions.Mcp;

/// <summary>What happens to a message that finds the queue on its way to the store full.</summary>
public enum RecordingOverflow
{
    /// <summary>It is counted and not recorded; the conversation goes on at its own speed.</summary>
    Drop = 0,

    /// <summary>It waits until there is room, and the conversation with it: as slow as the store, and standing still while the store is away.</summary>
    Wait = 1,
}
