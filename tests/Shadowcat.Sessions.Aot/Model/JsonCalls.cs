using System.Text.Json;

namespace Shadowcat.Sessions.Aot.Model;

/// <summary>Sessions and frames in the JSON of a program of somebody, whose context was generated.</summary>
internal static class JsonCalls
{
    public static Task MakeAsync()
    {
        var session = Samples.Session();
        var conversation = new Conversation(session, [Samples.Frame(session.Id)]);

        var json = JsonSerializer.Serialize(conversation, ConversationJson.Default.Conversation);
        var read = JsonSerializer.Deserialize(json, ConversationJson.Default.Conversation)!;

        Check.Equal(json, JsonSerializer.Serialize(read, ConversationJson.Default.Conversation));
        Check.Equal(session.Owner, read.Session.Owner);
        Check.Equal("tools/list", read.Frames[0].Method);
        var converter = new SessionsJsonConverter();
        Check.That(converter.CanConvert(typeof(Session)) && converter.CreateConverter(typeof(SessionId), ConversationJson.Default.Options) is not null);
        return Task.CompletedTask;
    }
}
