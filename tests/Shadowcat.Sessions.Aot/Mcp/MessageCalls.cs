using System.Text;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.Aot.Mcp;

/// <summary>What is made of single messages.</summary>
internal static class MessageCalls
{
    public static async Task MakeAsync()
    {
        Redaction();
        Correlation();
        Check.Equal("""{"jsonrpc":"2.0","method":"ping","id":1}""".Length, MessageBytes.Of(new JsonRpcRequest { Method = "ping", Id = new(1) }).Length);
        Check.That(TransportSessionIds.ToSessionId("transport") == TransportSessionIds.ToSessionId("transport") && TransportSessionIds.ToRecordedText("transport").Length > 0);
        await LimitsAsync();
    }

    private static void Redaction()
    {
        var frame = new MessageEnvelope(
            new SessionId("a"), MessageDirection.ClientToServer, TransportType.Stdio,
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"greet","arguments":{"password":"secret","city":"Oslo"}}}"""u8.ToArray(), Samples.Time)
        {
            Metadata = FrameMetadata.Create([new("authorization", "Bearer abc"), new("trace", "abc")]),
        };
        IFrameRedactor credentials = new CredentialRedactor("$.params.arguments.city") { MaxPayloadBytes = 100_000 };
        IFrameRedactor allowed = new AllowListRedactor("$.params.name") { MetadataKeys = ["trace"] };
        var (without, only) = (TextOf(credentials.Redact(frame)), TextOf(allowed.Redact(frame)));
        Check.That(!without.Contains("secret", StringComparison.Ordinal) && !without.Contains("Oslo", StringComparison.Ordinal) && without.Contains("greet", StringComparison.Ordinal));
        Check.That(only.Contains("greet", StringComparison.Ordinal) && !only.Contains("Oslo", StringComparison.Ordinal));
    }

    private static void Correlation()
    {
        ISessionCorrelator correlator = new DefaultSessionCorrelator { UsesTraces = true };
        var context = new CorrelationContext(new JsonRpcRequest { Method = "ping", Id = new(1) }) { TransportSessionId = "transport", ServerName = "server" };
        Check.Equal(SessionCorrelation.ByTransport("transport"), correlator.Correlate(context));
        Check.That(SessionCorrelation.ByKey("key").Key == "key" && SessionCorrelation.Exchange.Boundary == SessionBoundary.Exchange);
    }

    private static async Task LimitsAsync()
    {
        Check.That(ClientLimitsValidator.Instance.Validate(name: null, new ClientLimits()).Succeeded);
        var store = new InMemorySessionStore();
        var quota = new SessionQuota(store, new ClientLimits { MaxSessionsPerPrincipal = 1 });
        Check.Equal(null, await quota.TryAddAsync(Samples.Owner, (await store.CreateSessionAsync(Samples.Session())).Id));
        Check.That(await quota.TryAddAsync(Samples.Owner, SessionId.New()) is { Length: > 0 });
    }

    private static string TextOf(MessageEnvelope frame) => Encoding.UTF8.GetString(frame.Payload.Span);
}
