using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Recorder.Recording;

/// <summary>Which recording a message over Streamable HTTP belongs to: that of its <c>Mcp-Session-Id</c>; else that of its connection; else that of the only client it can be.</summary>
/// <remarks>Where two clients of one place cannot be distinguished, what either says over a new connection becomes a recording of its own: nobody's words are taken for somebody else's.</remarks>
/// <param name="recorder">Records them.</param>
/// <param name="describe">Makes the session of a recording, given its transport, and what it is known by where it has no handshake.</param>
/// <param name="clock">Says how long a client was silent.</param>
internal sealed class HttpSessions(SessionRecorder recorder, Func<TransportType, SessionBoundary, string?, Session> describe, TimeProvider clock)
{
    /// <summary>A client without a session that is silent for as long has ended.</summary>
    private static readonly TimeSpan SilenceOfClient = TimeSpan.FromMinutes(30);

    /// <summary>One with a session that is silent for as long has gone without saying so, as most do; and a stream on which nobody says anything has nobody at its other end.</summary>
    private static readonly TimeSpan SilenceOfSession = TimeSpan.FromDays(1);

    /// <summary>What an address begins with where others are named: no session of Streamable HTTP can be called so, for it holds a space.</summary>
    private const string Address = "address ";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HttpConversation> _named = new(StringComparer.Ordinal);
    private readonly List<HttpConversation> _ofClients = [];

    /// <summary>Begins the recording of a client that begins a session.</summary>
    public HttpConversation Begin(HttpCaller caller)
    {
        lock (_lock)
        {
            return Begin(caller, SessionBoundary.Handshake);
        }
    }

    /// <summary>Finds the recording of a message, or begins it.</summary>
    /// <param name="name">The session that it names; null for none.</param>
    /// <param name="caller">Who sent it.</param>
    public HttpConversation Of(string? name, HttpCaller caller)
    {
        lock (_lock)
        {
            EndSilent();
            if (name is null)
            {
                return OfClient(caller);
            }

            if (!_named.TryGetValue(name, out var conversation))
            {
                // Its session began before this recorder did, or is over.
                conversation = _named[name] = Begin(caller, SessionBoundary.Handshake);
                conversation.Name = conversation.Recording.TransportSessionId = name;
            }

            return Used(conversation);
        }
    }

    /// <summary>Notes how a server takes a client that begins a session.</summary>
    /// <param name="conversation">Its recording.</param>
    /// <param name="name">What the server calls the session; null where it names none: then what its client says without naming one goes into this recording.</param>
    /// <param name="caller">Who began it.</param>
    public void Accept(HttpConversation conversation, string? name, HttpCaller caller)
    {
        lock (_lock)
        {
            foreach (var dead in _named.Values.Where(other => other.Dead is not null && other.Place == caller.Place && other.MayBe(caller)).ToList())
            {
                // Its client has understood.
                Close(dead, SessionStatus.Completed, dead.Dead!);
            }

            if (name is not null)
            {
                conversation.Name = conversation.Recording.TransportSessionId = name;
                _named[name] = conversation;
                return;
            }

            // Over the same connection it is the same client. Another one of the same place goes on.
            foreach (var before in _ofClients.Where(other => other.IsOver(caller) && other.Is(caller)).ToList())
            {
                Close(before, SessionStatus.Completed, "the client began anew");
            }

            _ofClients.Add(conversation);
        }
    }

    /// <summary>Notes that a conversation goes over the older HTTP+SSE: what its client says comes to an address of its own.</summary>
    /// <param name="conversation">Its recording.</param>
    /// <param name="address">Path and query of the address.</param>
    public void NameByAddress(HttpConversation conversation, string address)
    {
        lock (_lock)
        {
            conversation.BeSse();
            conversation.Name = Address + address;
            _named[conversation.Name] = conversation;
            _ofClients.Remove(conversation);
        }
    }

    /// <summary>Finds the conversation whose client says what it says at an address; null where there is none.</summary>
    public HttpConversation? AtAddress(string address)
    {
        lock (_lock)
        {
            return _named.TryGetValue(Address + address, out var conversation) ? Used(conversation) : null;
        }
    }

    /// <summary>Notes how the server answered in a session.</summary>
    public void Note(HttpConversation conversation, string? dead, bool isRefused)
    {
        lock (_lock)
        {
            // Not closed yet: a client may go on asking for what the server has forgotten, and each time would be a recording of its own.
            conversation.Dead = conversation.Name is null ? null : dead;
            conversation.IsRefused = isRefused;
        }
    }

    /// <summary>Notes that something was said in it.</summary>
    public void Touch(HttpConversation conversation)
    {
        lock (_lock)
        {
            conversation.LastUse = clock.GetTimestamp();
        }
    }

    /// <summary>Says that one of its exchanges is over.</summary>
    public void Leave(HttpConversation conversation)
    {
        lock (_lock)
        {
            conversation.Open--;
            conversation.LastUse = clock.GetTimestamp();
        }
    }

    /// <summary>Closes the recording of a session that is over.</summary>
    public void End(HttpConversation conversation, SessionStatus status, string reason)
    {
        lock (_lock)
        {
            Close(conversation, status, reason);
        }
    }

    /// <summary>Closes the recordings of what is over already.</summary>
    public void EndDead()
    {
        lock (_lock)
        {
            foreach (var conversation in _named.Values.Where(conversation => conversation.Dead is not null).ToList())
            {
                Close(conversation, SessionStatus.Completed, conversation.Dead!);
            }
        }
    }

    private HttpConversation OfClient(HttpCaller caller)
    {
        var near = _ofClients.FindAll(other => other.Place == caller.Place);
        var found = near.Find(other => other.IsOver(caller) && other.MayBe(caller))
            ?? Single(near.FindAll(other => other.Is(caller)))
            ?? (near.Exists(other => other.Is(caller)) ? null : Single(near.FindAll(other => other.IsRefused)));
        if (found is null)
        {
            _ofClients.Add(found = Begin(caller, SessionBoundary.Correlated));
            return found;
        }

        found.Take(caller);
        return Used(found);
    }

    private static HttpConversation? Single(List<HttpConversation> conversations) => conversations.Count == 1 ? conversations[0] : null;

    private HttpConversation Begin(HttpCaller caller, SessionBoundary boundary)
    {
        // What a recording is known by is known to this process alone: another one before another server must not find it.
        var key = boundary == SessionBoundary.Correlated ? $"{caller.Place}&recording={Guid.NewGuid():N}" : null;
        return Used(new HttpConversation(transport => recorder.Begin(
            transport == TransportType.Sse ? describe(transport, SessionBoundary.Handshake, null) : describe(transport, boundary, key)), caller));
    }

    private HttpConversation Used(HttpConversation conversation)
    {
        conversation.Open++;
        conversation.LastUse = clock.GetTimestamp();
        return conversation;
    }

    private void EndSilent()
    {
        foreach (var conversation in _named.Values.Concat(_ofClients).ToList())
        {
            var isShort = conversation.Open == 0 && (conversation.Name is null || conversation.Dead is not null);
            if (clock.GetElapsedTime(conversation.LastUse) >= (isShort ? SilenceOfClient : SilenceOfSession))
            {
                Close(conversation, conversation.Dead is null ? SessionStatus.TimedOut : SessionStatus.Completed, conversation.Dead ?? "the client was silent");
            }
        }
    }

    private void Close(HttpConversation conversation, SessionStatus status, string reason)
    {
        conversation.Recording.Close(status, reason);
        _ofClients.Remove(conversation);
        if (conversation.Name is { } name && _named.TryGetValue(name, out var named) && named == conversation)
        {
            _named.Remove(name);
        }
    }
}
