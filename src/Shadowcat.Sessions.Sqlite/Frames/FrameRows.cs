using System.Text.Json;

namespace Shadowcat.Sessions.Sqlite;

/// <summary>Writes frames into their table, and reads them.</summary>
internal static class FrameRows
{
    /// <summary>How much a frame takes, as bounds count it: the bytes of payload and texts, and 40 for the rest.</summary>
    private const string Size = """
        40 + length(payload) + ifnull(octet_length(method), 0) + ifnull(octet_length(request_id), 0) + ifnull(octet_length(exchange_id), 0)
        + ifnull(octet_length(protocol_version), 0) + ifnull(octet_length(metadata), 0)
        """;

    private static readonly SqlText Insert = new("""
        INSERT INTO frames (place, stamp, at, direction, transport, kind, flags, method, request_id, exchange_id, protocol_version, metadata, payload)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
        """);

    private static readonly SqlText Select = new("""
        SELECT place, at, direction, transport, kind, flags, method, request_id, exchange_id, protocol_version, metadata, payload
        FROM frames WHERE place >= ?1 AND place < ?2 ORDER BY place
        """);

    private static readonly SqlText SelectStamp = new("SELECT place FROM frames WHERE place >= ?1 AND place < ?2 AND stamp = ?3 ORDER BY place LIMIT 1");
    private static readonly SqlText SelectSize = new($"SELECT ifnull(sum({Size}), 0) FROM frames WHERE place >= ?1 AND place < ?2");
    private static readonly SqlText SelectSizes = new($"SELECT {Size} FROM frames WHERE place >= ?1 AND place < ?2 ORDER BY place");
    private static readonly SqlText Delete = new("DELETE FROM frames WHERE place >= ?1 AND place < ?2");

    /// <summary>Appends a frame.</summary>
    public static void Add(StoreConnection connection, long place, IdempotentFrame frame)
    {
        var envelope = frame.Envelope;
        connection.Use(Insert)
            .Bind(1, place)
            .Bind(2, unchecked((long)frame.Key))
            .Bind(3, envelope.Timestamp.UtcTicks - DateTimeOffset.UnixEpoch.Ticks)
            .Bind(4, (long)envelope.Direction)
            .Bind(5, (long)envelope.TransportType)
            .Bind(6, (long)envelope.Kind)
            .Bind(7, (long)envelope.Flags)
            .BindText(8, envelope.Method)
            .BindText(9, StoredJson.Write(envelope.RequestId))
            .BindText(10, envelope.ExchangeId)
            .BindText(11, envelope.ProtocolVersion)
            .BindText(12, StoredJson.Write(envelope.Metadata))
            .Bind(13, envelope.Payload.Span)
            .Run();
    }

    /// <summary>The frames of a session from a sequence to another, to be stepped through; the caller disposes of it.</summary>
    public static Statement Rows(StoreConnection connection, SessionRow session, long first, long end) =>
        connection.Use(Select).Bind(1, session.PlaceOf(first)).Bind(2, session.PlaceOf(end));

    /// <summary>Reads the frame that a statement stands on.</summary>
    /// <exception cref="SessionSerializationException">It is damaged, or not the one that has to come next.</exception>
    public static MessageEnvelope Read(Statement row, string operation, SessionId id, SessionRow session, long sequence, StoredFrameDecoder decoder)
    {
        if (row.GetInt64(0) != session.PlaceOf(sequence))
        {
            throw new SessionSerializationException(operation, id, "the file has lost it", StoreLayout.Version, sequence);
        }

        try
        {
            return new BorrowedFrame(id, sequence, decoder)
            {
                Timestamp = DateTimeOffset.UnixEpoch.AddTicks(row.GetInt64(1)),
                Direction = (MessageDirection)row.GetInt64(2),
                TransportType = (TransportType)row.GetInt64(3),
                Kind = (MessageKind)row.GetInt64(4),
                Flags = (MessageFlags)row.GetInt64(5),
                EncodedMethod = row.GetBytes(6),
                EncodedRequestId = row.GetBytes(7),
                EncodedExchangeId = row.GetBytes(8),
                EncodedProtocolVersion = row.GetBytes(9),
                EncodedMetadata = row.GetBytes(10),
                Payload = row.GetBytes(11),
            }.ToEnvelope();
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or JsonException)
        {
            throw new SessionSerializationException(operation, id, "the frame is damaged", StoreLayout.Version, sequence, exception);
        }
    }

    /// <summary>The sequence of the frame with a key, looked for from a sequence on; null where there is none.</summary>
    public static long? Find(StoreConnection connection, SessionRow session, ulong key, long since) =>
        connection.Use(SelectStamp).Bind(1, session.PlaceOf(since)).Bind(2, session.PlaceOf(session.End)).Bind(3, unchecked((long)key)).RunNumber() is { } place
            ? session.Base + FramePlace.NumberAt(place)
            : null;

    /// <summary>How much the frames of a session from a sequence to another take.</summary>
    public static long SizeOf(StoreConnection connection, SessionRow session, long first, long end) =>
        first >= end ? 0 : connection.Use(SelectSize).Bind(1, session.PlaceOf(first)).Bind(2, session.PlaceOf(end)).RunNumber() ?? 0;

    /// <summary>How much each of the frames of a session from a sequence to another takes, one after the other.</summary>
    public static IEnumerable<long> SizesOf(StoreConnection connection, SessionRow session, long first, long end)
    {
        using var sizes = connection.Use(SelectSizes).Bind(1, session.PlaceOf(first)).Bind(2, session.PlaceOf(end));
        while (sizes.Step())
        {
            yield return sizes.GetInt64(0);
        }
    }

    /// <summary>Deletes the frames of a session from a sequence to another.</summary>
    public static void Remove(StoreConnection connection, SessionRow session, long first, long end) =>
        connection.Use(Delete).Bind(1, session.PlaceOf(first)).Bind(2, session.PlaceOf(end)).Run();
}
