namespace Shadowcat.Sessions.Mcp;

/// <summary>A conversation that is known by its connections. <see cref="ConnectionConversations"/> guards it by a lock.</summary>
internal sealed class ConnectionConversation
{
    /// <summary>Begins a conversation.</summary>
    /// <param name="place">Where its client is.</param>
    public ConnectionConversation(ClientPlace place)
    {
        Place = place;
        Use = new LinkedListNode<ConnectionConversation>(this);
    }

    /// <summary>Identifies it. It is random, so that nothing about the client is stored, and no other process joins it.</summary>
    public string Key { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Where its client is.</summary>
    public ClientPlace Place { get; }

    /// <summary>The ids of its open connections.</summary>
    public HashSet<string> Connections { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether its client has initialized.</summary>
    public bool IsInitialized { get; set; }

    /// <summary>Whether its client has said nothing since it initialized.</summary>
    public bool IsBeginning { get; set; }

    /// <summary>The number of its last request; null where its requests have none.</summary>
    public long? LastNumber { get; set; }

    /// <summary>When it was used last, as a timestamp.</summary>
    public long LastUse { get; set; }

    /// <summary>Its place among all conversations, by their last use.</summary>
    public LinkedListNode<ConnectionConversation> Use { get; }
}
