using System.Buffers;
using System.Globalization;
using System.Text;
using CsCheck;
using RESPite.Messages;

namespace Shadowcat.Sessions.Tests.Fuzzing;

/// <summary>No hash makes the reader of sessions crash, and what it reads, it would write and read again.</summary>
public sealed class SessionHashFuzzTests
{
    [Fact]
    public void Session_Any_ComesBackAsItWas()
    {
        Fuzz.Try(Inputs.Sessions, session =>
        {
            var read = Read(session.Id, Reply(Fields(session)));

            Assert.Equal(session, read);
        });
    }

    [Fact]
    public void Field_MutatedMissingOrStrange_IsRefusedOrReadTheSameAgain()
    {
        Fuzz.Try(
            Gen.Select(Inputs.Sessions, Gen.Int[0, 40], Gen.Int[0, 3], Inputs.Bytes, Inputs.Text),
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

    /// <summary>JSON of which a piece was lost, flipped or doubled is most often still almost the description of a session.</summary>
    [Fact]
    public void Description_Mutated_IsRefusedOrReadTheSameAgain()
    {
        Fuzz.Try(
            Inputs.Sessions.SelectMany(session => Inputs.Mutated(Gen.Const(SessionDescription.Write(session))).Select(json => (Session: session, Json: json))),
            input =>
            {
                var fields = Fields(input.Session);
                fields[(int)SessionField.Session] = input.Json;
                Session read;
                try
                {
                    read = Read(input.Session.Id, Reply(fields));
                }
                catch (SessionSerializationException)
                {
                    Assert.False(IsClosed(input.Json));
                    return;
                }

                Assert.Equal(read.IsClosed, IsClosed(input.Json));
                Assert.Equal(read, Read(input.Session.Id, Reply(Fields(read))));
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
            SessionDescription.Write(session),
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

    private static bool IsClosed(byte[] json) => SessionDescription.TryRead(json, out var description, out _) && description.IsClosed;
}
