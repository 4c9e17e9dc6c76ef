using System.Text;
using CsCheck;

namespace Shadowcat.Sessions.Tests.Fuzzing;

/// <summary>Inputs at random, and good ones that something happened to.</summary>
internal static class Inputs
{
    private static readonly string[] Words =
    [
        "", "a", "tools/call", "initialize", "notifications/progress", "größe", "日本", "🙈", "{", "}", ":", "*", "\\", "\"", "'", "\t", " ", "\u00A0", "\uFFFD", "1", "-0", "1e3", "null", "2025-11-25",
    ];

    /// <summary>Text that a store takes as a key: no control characters, no unpaired surrogates.</summary>
    public static Gen<string> Text { get; } = Gen.Frequency(
        (3, Gen.OneOf(Words.Where(word => word.Length > 0 && !word.Any(char.IsControl)).ToArray())),
        (2, Gen.Char[' ', '~'].Array[1, 40].Select(characters => new string(characters))),
        (1, Gen.Char['\u00C0', '\uD7FF'].Array[1, 40].Select(characters => new string(characters))));

    /// <summary>Identities of sessions: whatever visible ASCII there is, what keys and patterns are made of more often.</summary>
    public static Gen<SessionId> Ids { get; } = Gen.Frequency(
        (3, Gen.OneOf("{}:*?[]\\\"'.-+(".ToCharArray()).Array[1, 12].Select(characters => new string(characters))),
        (3, Gen.Char['!', '~'].Array[1, 256].Select(characters => new string(characters))),
        (1, Gen.OneOf("sessions:active", "sessions:expiry", "sessions:index", "operations", "layout", "a:0", "}:session:a", "a:0123456789abcdef")))
        .Select(text => new SessionId(text));

    public static Gen<byte[]> Bytes { get; } = Gen.Byte.Array[0, 300];

    /// <summary>Bytes that begin like a frame, so that a reader gets beyond the first of them.</summary>
    public static Gen<byte[]> AlmostFrames { get; } = Gen.Select(
        Gen.Int[0, 2], Gen.Byte.Array[0, 80], (direction, rest) => (byte[])[0x9D, 1, (byte)direction, 0xD6, 0xFF, 0x60, 1, 2, 3, 1, 2, 0, .. rest]);

    public static Gen<RequestId?> RequestIds { get; } = Gen.Frequency(
        (1, Gen.Const((RequestId?)null)),
        (2, Gen.Long.Select(number => (RequestId?)RequestId.FromNumber(number))),
        (1, Text.Select(text => (RequestId?)RequestId.FromString(text))),
        (1, Gen.OneOf("1.5", "-0", "1e3", "123456789012345678901234567890").Select(Make.NumberId)));

    public static Gen<SessionTags> Tags { get; } = Text.Array[0, 5].Select(texts => SessionTags.Create([.. texts.Select(text => new SessionTag(text))]));

    public static Gen<SessionAttributes> Attributes { get; } = Gen.Select(Text, Gen.Frequency((1, Text), (1, Gen.OneOf(Words)))).Array[0, 5]
        .Select(entries => SessionAttributes.Create(entries.DistinctBy(entry => entry.Item1, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2))));

    /// <summary>Sessions with anything in everything, also in what the store owns.</summary>
    public static Gen<Session> Sessions { get; } = Gen.Select(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3]),
        Gen.Select(Text, Text, Text),
        Gen.Long[0, 253402300799999],
        Gen.Select(Gen.Long[0, 1L << 40], Gen.Long[1, 1L << 40]),
        Gen.Select(Tags, Attributes),
        (kinds, texts, time, counts, labels) => Make.FullSession() with
        {
            TransportType = (TransportType)kinds.Item1,
            Status = (SessionStatus)kinds.Item2,
            State = (SessionState)kinds.Item3,
            Boundary = (SessionBoundary)kinds.Item4,
            ClientInfo = Peer.Create(texts.Item1, "1"),
            ServerInfo = kinds.Item2 == 0 ? Peer.Parse($" {Peer.Create(texts.Item2, texts.Item3).Json}\n") : Peer.Create(texts.Item2, texts.Item3),
            Tags = labels.Item1,
            Attributes = labels.Item2,
            Owner = new SessionOwner(texts.Item1, texts.Item2, texts.Item3),
            CloseReason = texts.Item2,
            CorrelationKey = kinds.Item1 == 0 ? null : texts.Item3,
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time),
            LastActivity = DateTimeOffset.FromUnixTimeMilliseconds(time),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(time),
            TimeToLive = TimeSpan.FromMinutes(1),
            FrameCount = counts.Item1,
            FirstSequence = counts.Item1,
            Version = counts.Item2,
        });

    public static Gen<FrameMetadata> Metadata { get; } = Gen.Select(Text, Gen.Frequency((1, Text), (1, Gen.OneOf(Words)))).Array[0, 5]
        .Select(entries => FrameMetadata.Create(entries.DistinctBy(entry => entry.Item1, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2))));

    /// <summary>Messages of JSON-RPC, and what is almost one.</summary>
    public static Gen<string> Messages { get; } = Gen.Select(
        Gen.OneOf("\"2.0\"", "\"1.0\"", "2", "null"),
        Gen.OneOf("", "\"id\":1,", "\"id\":\"a\",", "\"id\":null,", "\"id\":1.5,", "\"id\":{},", "\"id\":-0,", "\"id\":\"\\ud800\","),
        Gen.OneOf("", "\"method\":\"tools/call\",", "\"method\":\"\",", "\"method\":5,", "\"method\":\"a\\u0000\",", "\"method\":\"\\udc00\","),
        Gen.OneOf("\"params\":{}", "\"params\":{\"protocolVersion\":\"2025-11-25\",\"_meta\":{\"x\":[1,{}]}}", "\"result\":{\"protocolVersion\":1}", "\"error\":{\"code\":1}", "\"params\":[[[[]]]]"),
        (version, id, method, rest) => $$"""{"jsonrpc":{{version}},{{id}}{{method}}{{rest}}}""");

    public static Gen<byte[]> Payloads { get; } = Gen.Frequency((2, Messages.Select(Encoding.UTF8.GetBytes)), (1, Bytes), (1, Gen.Int[250, 70_000].Select(length => new byte[length])));

    public static Gen<MessageEnvelope> Frames { get; } = Gen.Select(
        Gen.Select(Ids, Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 7]),
        Gen.Select(Payloads, Gen.Long[0, (DateTimeOffset.MaxValue - DateTimeOffset.UnixEpoch).Ticks]),
        Gen.Select(Optional(Text), RequestIds, Optional(Text), Optional(Text)),
        Metadata,
        (head, content, texts, metadata) => new MessageEnvelope(
            head.Item1, (MessageDirection)head.Item2, (TransportType)head.Item3, content.Item1, DateTimeOffset.UnixEpoch.AddTicks(content.Item2))
        {
            Kind = (MessageKind)head.Item4,
            Flags = (MessageFlags)head.Item5,
            Method = texts.Item1,
            RequestId = texts.Item2,
            ExchangeId = texts.Item3,
            ProtocolVersion = texts.Item4,
            Metadata = metadata,
        });

    /// <summary>Good bytes that were flipped, cut, doubled, or got others put in.</summary>
    public static Gen<byte[]> Mutated(Gen<byte[]> good) => Gen.Select(
        good,
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, int.MaxValue], Gen.Byte).Array[1, 4],
        (bytes, changes) => changes.Aggregate(bytes, (current, change) => Mutate(current, change.Item1, change.Item2, change.Item3)));

    private static byte[] Mutate(byte[] bytes, int how, int where, byte value)
    {
        var at = bytes.Length == 0 ? 0 : where % bytes.Length;
        return how switch
        {
            0 when bytes.Length > 0 => [.. bytes[..at], (byte)(bytes[at] ^ Math.Max((byte)1, value)), .. bytes[(at + 1)..]],
            1 => bytes[..at],
            2 => [.. bytes[..at], value, .. bytes[at..]],
            3 when bytes.Length > 0 => [.. bytes[..at], .. bytes[(at + 1)..]],
            _ => [.. bytes[..at], .. bytes[Math.Max(0, at - value)..]],
        };
    }

    private static Gen<string?> Optional(Gen<string> text) => Gen.Frequency((1, Gen.Const((string?)null)), (2, text.Select(value => (string?)value)));
}
