using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MessagePack;

namespace Shadowcat.Sessions.Redis;

/// <summary>What the application owns of a session, in its stored form: one MessagePack array, element by element as described here. This is the only file that knows it.</summary>
/// <remarks>
/// <code>
/// [0]  transport    TransportType
/// [1]  status       SessionStatus
/// [2]  state        SessionState
/// [3]  boundary     SessionBoundary
/// [4]  client       ClientInfo: str, the peer's JSON, verbatim; nil for none
/// [5]  server       ServerInfo: as client
/// [6]  versions     VersionState: str, JSON; nil for none
/// [7]  tags         Tags: str, a JSON array of strings; nil for none
/// [8]  owner        Owner: str, JSON; nil for none
/// [9]  alias        TransportSessionId: str or nil
/// [10] correlation  CorrelationKey: str or nil
/// [11] reason       CloseReason: str or nil
/// </code>
/// <para>One field, since it is read as a whole and replaced as a whole: a field for each cost a third of what the server does for a read. A reader passes over
/// elements that a later version appends, but an update by it drops them: what has to outlive that is a field of its own.</para>
/// </remarks>
internal readonly ref struct OwnedPart
{
    private const int ElementCount = 12;

    private static readonly RecentValues<Peer> Peers = new(static json => Peer.Parse(Encoding.UTF8.GetString(json)));
    private static readonly RecentValues<VersionState> Versions = new(static json => Deserialize(json, SessionJson.Default.VersionState));
    private static readonly RecentValues<SessionOwner> Owners = new(static json => Deserialize(json, SessionJson.Default.SessionOwner));
    private static readonly RecentValues<SessionTags> TagSets = new(static json =>
        SessionTags.Create([.. Deserialize(json, SessionJson.Default.StringArray).Select(tag => new SessionTag(tag))]));

    /// <summary>Reads what <see cref="Pack"/> wrote.</summary>
    /// <exception cref="FormatException">It is something else; or, as the next three, what stands in it is no such thing.</exception>
    /// <exception cref="JsonException">As said.</exception>
    /// <exception cref="ArgumentException">As said.</exception>
    /// <exception cref="OverflowException">As said.</exception>
    public OwnedPart(ReadOnlySpan<byte> packed)
    {
        var bytes = new MessagePackBytes(packed);
        var elements = bytes.ReadArrayHeader();
        if (elements < ElementCount)
        {
            throw new FormatException($"There are {elements} elements instead of {ElementCount}.");
        }

        TransportType = (TransportType)bytes.ReadInt32();
        Status = (SessionStatus)bytes.ReadInt32();
        State = (SessionState)bytes.ReadInt32();
        Boundary = (SessionBoundary)bytes.ReadInt32();
        ClientInfo = Read(ref bytes, Peers);
        ServerInfo = Read(ref bytes, Peers);
        VersionState = Read(ref bytes, Versions);
        Tags = Read(ref bytes, TagSets) ?? SessionTags.None;
        Owner = Read(ref bytes, Owners);
        TransportSessionId = ReadText(ref bytes);
        CorrelationKey = ReadText(ref bytes);
        CloseReason = ReadText(ref bytes);
        bytes.Skip(elements - ElementCount);
        if (bytes.Left > 0)
        {
            throw new FormatException("Bytes follow what the application owns.");
        }
    }

    public TransportType TransportType { get; }

    public SessionStatus Status { get; }

    public SessionState State { get; }

    public SessionBoundary Boundary { get; }

    public Peer? ClientInfo { get; }

    public Peer? ServerInfo { get; }

    public VersionState? VersionState { get; }

    public SessionTags Tags { get; }

    public SessionOwner? Owner { get; }

    public string? TransportSessionId { get; }

    public string? CorrelationKey { get; }

    public string? CloseReason { get; }

    /// <summary>The stored form of what the application owns of a session.</summary>
    public static byte[] Pack(Session session)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.WriteArrayHeader(ElementCount);
        writer.Write((int)session.TransportType);
        writer.Write((int)session.Status);
        writer.Write((int)session.State);
        writer.Write((int)session.Boundary);
        writer.Write(session.ClientInfo?.Json);
        writer.Write(session.ServerInfo?.Json);
        WriteJson(ref writer, session.VersionState, SessionJson.Default.VersionState);
        WriteJson(ref writer, session.Tags.Count > 0 ? [.. session.Tags.Select(tag => tag.Value)] : null, SessionJson.Default.StringArray);
        WriteJson(ref writer, session.Owner, SessionJson.Default.SessionOwner);
        writer.Write(session.TransportSessionId);
        writer.Write(session.CorrelationKey);
        writer.Write(session.CloseReason);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Whether nothing is expected of the session any more; false also for what is no stored form.</summary>
    public static bool IsClosed(ReadOnlySpan<byte> packed)
    {
        try
        {
            return new OwnedPart(packed).State == SessionState.Closed;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    private static void WriteJson<T>(ref MessagePackWriter writer, T? value, JsonTypeInfo<T> type)
        where T : class
    {
        if (value is null)
        {
            writer.WriteNil();
        }
        else
        {
            writer.WriteString(JsonSerializer.SerializeToUtf8Bytes(value, type));
        }
    }

    private static T? Read<T>(scoped ref MessagePackBytes bytes, RecentValues<T> values)
        where T : class => bytes.TryReadNil() ? null : values.Read(bytes.ReadText());

    private static string? ReadText(scoped ref MessagePackBytes bytes) => bytes.TryReadNil() ? null : Encoding.UTF8.GetString(bytes.ReadText());

    private static T Deserialize<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException("There is null where a value is wanted.");
}
