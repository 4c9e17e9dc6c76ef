using System.Text;
using CsCheck;

namespace Shadowcat.Sessions.Tests.Fuzzing;

/// <summary>No payload makes the reader of JSON-RPC headers fail, and what it reads, every store takes.</summary>
public sealed class MessageFuzzTests
{
    [Fact]
    public void Payload_Random_IsRead()
    {
        Fuzz.Try(Inputs.Payloads, Read);
    }

    [Fact]
    public void Message_Mutated_IsRead()
    {
        Fuzz.Try(Inputs.Mutated(Inputs.Messages.Select(text => Encoding.UTF8.GetBytes(text))), Read);
    }

    [Fact]
    public void Peer_MutatedJson_IsRefusedOrKeptVerbatim()
    {
        var peers = Inputs.Text.Select(text => Encoding.UTF8.GetBytes(Peer.Create(text, "1", "title").Json));
        Fuzz.Try(Inputs.Mutated(peers), bytes =>
        {
            var json = Encoding.UTF8.GetString(bytes);
            try
            {
                Assert.Equal(json, Peer.Parse(json).Json);
            }
            catch (ArgumentException)
            {
                // It is no JSON object any more.
            }
        });
    }

    private static void Read(byte[] payload)
    {
        var frame = new MessageEnvelope(new SessionId("fuzz"), MessageDirection.ClientToServer, TransportType.Stdio, payload, DateTimeOffset.UnixEpoch);

        Assert.Equal(frame, FrameFormat.Decode(frame.SessionId, 0, FrameFormat.Encode(frame)));
        Assert.Equal(frame.Kind is MessageKind.Request or MessageKind.Notification, frame.Method is not null);
    }
}
