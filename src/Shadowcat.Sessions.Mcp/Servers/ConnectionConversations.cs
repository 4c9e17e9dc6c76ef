using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds out which requests are one conversation where clients name neither a session nor themselves: by their connection, else by address, agent and the numbers of the requests.</summary>
/// <remarks>
/// <c>initialize</c> begins a conversation. Clients use several connections, and close one that is idle for some seconds. So a request over a new connection continues the conversation of its address
/// and agent, where there is only one, or where only one has the number before as its last. Otherwise it begins a conversation: two halves of one are better than one of two clients.
/// </remarks>
internal sealed class ConnectionConversations
{
    private readonly TimeSpan _idleTimeout;
    private readonly TimeSpan _openTimeout;
    private readonly int _maxConversations;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ConnectionConversation> _byConnection = new(StringComparer.Ordinal);
    private readonly Dictionary<ClientPlace, List<ConnectionConversation>> _byPlace = [];

    /// <summary>All conversations, the one that was idle longest first.</summary>
    private readonly LinkedList<ConnectionConversation> _byUse = [];

    /// <summary>Knows no conversation so far.</summary>
    /// <param name="options">After how long without a request a conversation is over, and how many are known.</param>
    /// <param name="clock">The local time.</param>
    public ConnectionConversations(SessionRecordingOptions options, TimeProvider clock)
    {
        (_idleTimeout, _openTimeout, _maxConversations) = (options.IdleTimeout, options.OpenTimeout, options.MaxOpenSessions);
        _clock = clock;
    }

    /// <summary>The key of the conversation that a message belongs to.</summary>
    /// <param name="message">A message of a client.</param>
    /// <param name="server">The name of the server that received it.</param>
    /// <param name="connection">What it came over.</param>
    public string KeyOf(JsonRpcMessage message, string server, ClientConnection connection)
    {
        var place = new ClientPlace(server, connection.Address, connection.Agent, connection.Credentials);
        var number = (message as JsonRpcRequest)?.Id.Id as long?;
        var initializes = message is JsonRpcRequest { Method: RequestMethods.Initialize };
        ConnectionConversation conversation;
        bool isNewConnection;
        lock (_lock)
        {
            ForgetIdle();
            var known = _byConnection.GetValueOrDefault(connection.Id) is { } found && found.Place == place ? found : null;
            conversation = (initializes ? known is { IsInitialized: false } ? known : null : known ?? OfPlace(place, message, number)) ?? Begin(place);
            conversation.IsInitialized |= initializes;
            conversation.IsBeginning = initializes;
            conversation.LastNumber = number ?? conversation.LastNumber;
            conversation.LastUse = _clock.GetTimestamp();
            _byUse.Remove(conversation.Use);
            _byUse.AddLast(conversation.Use);
            isNewConnection = Connect(connection.Id, conversation);
        }

        if (isNewConnection && connection.Closed.CanBeCanceled)
        {
            // Outside of the lock, because it calls back at once where the connection has ended meanwhile.
            connection.Closed.UnsafeRegister(_ => Disconnect(connection.Id), state: null);
        }

        return conversation.Key;
    }

    private ConnectionConversation? OfPlace(ClientPlace place, JsonRpcMessage message, long? number)
    {
        if (!_byPlace.TryGetValue(place, out var near))
        {
            return null;
        }

        // What a client says right behind initialize has no number.
        var isSecond = message is JsonRpcNotification { Method: NotificationMethods.InitializedNotification };
        var next = near.FindAll(conversation => isSecond ? conversation.IsBeginning : number is not null && conversation.LastNumber + 1 == number);
        var candidates = next.Count > 0 ? next : near;
        return Single(candidates) ?? Single(candidates.FindAll(conversation => conversation.Connections.Count > 0));
    }

    private static ConnectionConversation? Single(List<ConnectionConversation> conversations) => conversations.Count == 1 ? conversations[0] : null;

    private ConnectionConversation Begin(ClientPlace place)
    {
        if (_byUse.Count == _maxConversations)
        {
            Forget(_byUse.First!.Value);
        }

        var conversation = new ConnectionConversation(place);
        _byUse.AddLast(conversation.Use);
        if (!_byPlace.TryGetValue(place, out var near))
        {
            _byPlace[place] = near = [];
        }

        near.Add(conversation);
        return conversation;
    }

    /// <returns>Whether the connection was not known.</returns>
    private bool Connect(string connection, ConnectionConversation conversation)
    {
        var before = _byConnection.GetValueOrDefault(connection);
        before?.Connections.Remove(connection);
        conversation.Connections.Add(connection);
        _byConnection[connection] = conversation;
        return before is null;
    }

    private void Disconnect(string connection)
    {
        lock (_lock)
        {
            if (_byConnection.Remove(connection, out var conversation))
            {
                conversation.Connections.Remove(connection);
            }
        }
    }

    private void ForgetIdle()
    {
        for (var node = _byUse.First; node is not null && _clock.GetElapsedTime(node.Value.LastUse) >= _idleTimeout;)
        {
            // Over an open connection a long call may be in progress.
            var (conversation, next) = (node.Value, node.Next);
            if (conversation.Connections.Count == 0 || _clock.GetElapsedTime(conversation.LastUse) >= _openTimeout)
            {
                Forget(conversation);
            }

            node = next;
        }
    }

    private void Forget(ConnectionConversation conversation)
    {
        _byUse.Remove(conversation.Use);
        foreach (var connection in conversation.Connections)
        {
            _byConnection.Remove(connection);
        }

        var near = _byPlace[conversation.Place];
        near.Remove(conversation);
        if (near.Count == 0)
        {
            _byPlace.Remove(conversation.Place);
        }
    }
}
