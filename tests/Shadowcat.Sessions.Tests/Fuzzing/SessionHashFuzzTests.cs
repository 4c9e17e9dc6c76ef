using System.Buffers;
using System.Globalization;
using System.Text;
using CsCheck;
using RESPite.Messages;
using Shadowcat.Sessions.Tests.Conformance;

namespace Shadowcat.Sessions.Tests.Fuzzing;

/// <summary>No hash makes the reader of sessions crash, and what it reads, it would write and read again.</summary>
public sealed class SessionHashFuzzTests
{
    private static readonly Gen<Session> Sessions = Gen.Select(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 3], Gen.Int[0, 3], Gen.Int[0, 3]),
        Gen.Select(Inputs.Text, Inputs.Text, Inputs.Text),
        Gen.Long[0, 253402300799999],
        Gen.Select(Gen.Long[0, 1L << 40], Gen.Long[1, 1L << 40]),
        (kinds, texts, time, counts) => Make.FullSession() with
        {
            TransportType = (TransportType)kinds.Item1,
            Status = (SessionStatus)kinds.Item2,
            State = (SessionState)kinds.Item3,
            Boundary = (SessionBoundary)kinds.Item4,
            ClientInfo = Peer.Create(texts.Item1, "1"),
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

    [Fact]
    public void Session_Any_ComesBackAsItWas()
    {
        Fuzz.Try(Sessions, session =>
        {
            var read = Read(session.Id, Reply(Fields(session)));

            Assert.Equal(session, read);
        });
    }

    [Fact]
    public void Field_MutatedMissingOrStrange_IsRefusedOrReadTheSameAgain()
    {
        Fuzz.Try(
            Gen.Select(Sessions, Gen.Int[0, 40], Gen.Int[0, 3], Inputs.Bytes, Inputs.Text),
            input =>
            {
                var (session, which, how, bytes, text) = input;
                var fields = Fields(session);
                var at = which % fields.Length;
                var value = fields[at]!;
                fields[at] = how switch
                {
                    0 => bytes,
                    1 => Encoding.UTF8.GetBytes(text),
                    2 => value[..(value.Length / 2)],
                    _ => [.. value, .. bytes],
                };
                if (how == 3)
                {
                    fields[which * 7 % fields.Length] = null;
                }

                Session read;
                try
                {
                    read = Read(session.Id, Reply(fields));
                }
                catch (SessionSerializationException)
                {
                    return;
                }

                Assert.Equal(read, Read(session.Id, Reply(Fields(read))));
            });
    }

    /// <summary>The fields in the order of <see cref="SessionField"/>.</summary>
    private static byte[]?[] Fields(Session session) =>
        [
            Words(SessionHash.Format),
            Words("0123456789abcdef", session.FirstSequence, session.FrameCount),
            Words(
                session.ExpiresAt.ToUnixTimeMilliseconds(),
                session.LastActivity.ToUnixTimeMilliseconds(),
                (long)session.TimeToLive!.Value.TotalMilliseconds,
                (long)(session.MaxLifetime?.TotalMilliseconds ?? 0),
                0),
            Words(SessionHash.Generation(session), session.Version, session.CreatedAt.ToUnixTimeMilliseconds()),
            OwnedPart.Pack(session),
        ];

    private static byte[] Words(params object[] words) => Encoding.ASCII.GetBytes(string.Join(' ', words.Select(word => Convert.ToString(word, CultureInfo.InvariantCulture))));

    /// <summary>What the script would answer of a session without frames.</summary>
    private static byte[] Reply(byte[]?[] fields)
    {
        var reply = new ArrayBufferWriter<byte>();
        reply.Write(Encoding.ASCII.GetBytes($"*{fields.Length + 1}\r\n"));
        foreach (var field in fields)
        {
            reply.Write(Encoding.ASCII.GetBytes($"${field?.Length ?? -1}\r\n"));
            if (field is not null)
            {
                reply.Write(field);
                reply.Write("\r\n"u8);
            }
        }

        reply.Write(":0\r\n"u8);
        return reply.WrittenSpan.ToArray();
    }

    private static Session Read(SessionId id, byte[] reply)
    {
        var reader = new RespReader(reply);
        reader.MoveNext();
        return SessionHash.Read("GetSession", id, new SessionFields(ref reader));
    }
}
