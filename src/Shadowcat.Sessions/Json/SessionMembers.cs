using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>What was read of a session from JSON. What is absent has the value of a new session; null counts as absent.</summary>
internal struct SessionMembers
{
    /// <summary>How many members there are that describe a session.</summary>
    public const int Describing = (int)SessionMember.CloseReason + 1;

    /// <summary>In the order of <see cref="SessionMember"/>.</summary>
    private static readonly MemberNames Names = new(
        "transport_type", "status", "state", "boundary", "client_info", "server_info", "version_state", "tags", "attributes", "transport_session_id", "correlation_key", "owner", "close_reason",
        "session_id", "generation", "created_at", "ttl_ms", "max_lifetime_ms", "first_seq", "frame_count", "last_activity", "expires_at", "version");

    private static readonly RecentValues<Peer> Peers = new(JsonValues.Peer);
    private static readonly RecentValues<VersionState> Versions = new(static json => Read(json, JsonValues.Versions));
    private static readonly RecentValues<SessionTags> TagSets = new(static json => Read(json, JsonValues.Tags));
    private static readonly RecentValues<SessionAttributes> AttributeMaps = new(static json => Read(json, JsonValues.Attributes));
    private static readonly RecentValues<SessionOwner> Owners = new(static json => Read(json, JsonValues.Owner));

    public SessionMembers()
    {
    }

    public static int All => Names.Count;

    public TransportType? TransportType { get; private set; }

    public SessionStatus? Status { get; private set; }

    public SessionState? State { get; private set; }

    public SessionBoundary? Boundary { get; private set; }

    public Peer? ClientInfo { get; private set; }

    public Peer? ServerInfo { get; private set; }

    public VersionState? VersionState { get; private set; }

    public SessionTags Tags { get; private set; } = SessionTags.None;

    public SessionAttributes Attributes { get; private set; } = SessionAttributes.None;

    public string? TransportSessionId { get; private set; }

    public string? CorrelationKey { get; private set; }

    public SessionOwner? Owner { get; private set; }

    public string? CloseReason { get; private set; }

    public SessionId Id { get; private set; }

    public Guid? Generation { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public TimeSpan? TimeToLive { get; private set; }

    public TimeSpan? MaxLifetime { get; private set; }

    public long FirstSequence { get; private set; }

    public long FrameCount { get; private set; }

    public DateTimeOffset LastActivity { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public long Version { get; private set; }

    /// <summary>Reads the object that a JSON text is. What is wrong with it is thrown as a <see cref="FormatException"/>, an <see cref="ArgumentException"/> or one of JSON's.</summary>
    /// <param name="json">The text.</param>
    /// <param name="count">How many members are looked at, in the order of <see cref="SessionMember"/>; others are passed over.</param>
    /// <param name="options">How it is read.</param>
    public static SessionMembers Read(ReadOnlySpan<byte> json, int count, JsonReaderOptions options = default)
    {
        var reader = new Utf8JsonReader(json, options);
        JsonValues.Enter(ref reader, JsonTokenType.StartObject, "a session");
        var members = new SessionMembers();
        for (var last = -1; JsonValues.NextName(ref reader);)
        {
            var place = Names.Find(ref reader, last, count);
            reader.Read();
            if (place < 0 || reader.TokenType == JsonTokenType.Null)
            {
                reader.Skip();
            }
            else
            {
                members.Take((SessionMember)place, ref reader, json);
                last = place;
            }
        }

        // Nothing may stand behind the object: the reader throws on it.
        reader.Read();
        return members;
    }

    private static T Read<T>(ReadOnlySpan<byte> json, JsonRead<T> read)
    {
        var reader = new Utf8JsonReader(json);
        return read(ref reader);
    }

    private void Take(SessionMember member, ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        switch (member)
        {
            case SessionMember.TransportType:
                TransportType = JsonNames.Transports.Read(ref reader);
                break;
            case SessionMember.Status:
                Status = JsonNames.Statuses.Read(ref reader);
                break;
            case SessionMember.State:
                State = JsonNames.States.Read(ref reader);
                break;
            case SessionMember.Boundary:
                Boundary = JsonNames.Boundaries.Read(ref reader);
                break;
            case SessionMember.ClientInfo:
                ClientInfo = Peers.Read(JsonValues.Raw(ref reader, json));
                break;
            case SessionMember.ServerInfo:
                ServerInfo = Peers.Read(JsonValues.Raw(ref reader, json));
                break;
            case SessionMember.VersionState:
                VersionState = Versions.Read(JsonValues.Raw(ref reader, json));
                break;
            case SessionMember.Tags:
                Tags = TagSets.Read(JsonValues.Raw(ref reader, json));
                break;
            case SessionMember.Attributes:
                Attributes = AttributeMaps.Read(JsonValues.Raw(ref reader, json));
                break;
            case SessionMember.TransportSessionId:
                TransportSessionId = JsonValues.Text(ref reader, "transport_session_id");
                break;
            case SessionMember.CorrelationKey:
                CorrelationKey = JsonValues.Text(ref reader, "correlation_key");
                break;
            case SessionMember.Owner:
                Owner = Owners.Read(JsonValues.Raw(ref reader, json));
                break;
            case SessionMember.CloseReason:
                CloseReason = JsonValues.Text(ref reader, "close_reason");
                break;
            default:
                TakeOther(member, ref reader);
                break;
        }
    }

    private void TakeOther(SessionMember member, ref Utf8JsonReader reader)
    {
        switch (member)
        {
            case SessionMember.Id:
                Id = new SessionId(JsonValues.Text(ref reader, "session_id"));
                break;
            case SessionMember.Generation:
                Generation = Guid.ParseExact(JsonValues.Text(ref reader, "generation"), "N");
                break;
            case SessionMember.CreatedAt:
                CreatedAt = JsonTime.Read(ref reader, "created_at");
                break;
            case SessionMember.TimeToLive:
                TimeToLive = TimeSpan.FromMilliseconds(reader.GetInt64());
                break;
            case SessionMember.MaxLifetime:
                MaxLifetime = TimeSpan.FromMilliseconds(reader.GetInt64());
                break;
            case SessionMember.FirstSequence:
                FirstSequence = reader.GetInt64();
                break;
            case SessionMember.FrameCount:
                FrameCount = reader.GetInt64();
                break;
            case SessionMember.LastActivity:
                LastActivity = JsonTime.Read(ref reader, "last_activity");
                break;
            case SessionMember.ExpiresAt:
                ExpiresAt = JsonTime.Read(ref reader, "expires_at");
                break;
            default:
                Version = reader.GetInt64();
                break;
        }
    }
}
