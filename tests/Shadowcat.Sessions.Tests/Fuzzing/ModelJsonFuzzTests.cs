using System.Text;
using System.Text.Json;
using CsCheck;

namespace Shadowcat.Sessions.Tests.Fuzzing;

/// <summary>What is written as JSON is read as it was; and no JSON gives anything but a value or a <see cref="JsonException"/>.</summary>
public sealed class ModelJsonFuzzTests
{
    [Fact]
    public void Session_Any_ComesBackAsItWas() =>
        Fuzz.Try(Inputs.Sessions, session => Assert.Equal(session, JsonSerializer.Deserialize<Session>(JsonSerializer.SerializeToUtf8Bytes(session))));

    [Fact]
    public void Frame_Any_ComesBackAsItWas() =>
        Fuzz.Try(Inputs.Frames, frame => Assert.Equal(frame, JsonSerializer.Deserialize<MessageEnvelope>(JsonSerializer.SerializeToUtf8Bytes(frame))));

    [Fact]
    public void Session_Mutated_IsRefusedOrReadTheSameAgain() => AssertRefusedOrSame(Inputs.Sessions);

    [Fact]
    public void Frame_Mutated_IsRefusedOrReadTheSameAgain() => AssertRefusedOrSame(Inputs.Frames);

    [Fact]
    public void Anything_ReadAsAnyPart_IsRefusedOrReadTheSameAgain()
    {
        Fuzz.Try(Gen.Frequency((1, Inputs.Bytes), (3, Inputs.Mutated(Inputs.Messages.Select(Encoding.UTF8.GetBytes))), (3, Inputs.Text.Select(text => JsonSerializer.SerializeToUtf8Bytes(text)))), json =>
        {
            AssertRefusedOrSame<SessionId>(json);
            AssertRefusedOrSame<SessionTags>(json);
            AssertRefusedOrSame<SessionAttributes>(json);
            AssertRefusedOrSame<SessionOwner>(json);
            AssertRefusedOrSame<Peer>(json);
            AssertRefusedOrSame<VersionState>(json);
            AssertRefusedOrSame<RequestId>(json);
            AssertRefusedOrSame<FrameMetadata>(json);
            AssertRefusedOrSame<MessageFlags>(json);
            AssertRefusedOrSame<SessionStatus>(json);
        });
    }

    private static void AssertRefusedOrSame<T>(Gen<T> values) =>
        Fuzz.Try(Inputs.Mutated(values.Select(value => JsonSerializer.SerializeToUtf8Bytes(value))), AssertRefusedOrSame<T>);

    private static void AssertRefusedOrSame<T>(byte[] json)
    {
        T? read;
        try
        {
            read = JsonSerializer.Deserialize<T>(json);
        }
        catch (JsonException)
        {
            return;
        }

        // A member that the mutation hid may be one that a new value has at random.
        var once = JsonSerializer.SerializeToUtf8Bytes(read);
        Assert.Equal(once, JsonSerializer.SerializeToUtf8Bytes(JsonSerializer.Deserialize<T>(once)));
        Assert.Equal(read, JsonSerializer.Deserialize<T>(once));
    }
}
