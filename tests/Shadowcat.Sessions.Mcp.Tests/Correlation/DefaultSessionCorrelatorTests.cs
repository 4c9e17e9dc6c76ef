using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.Mcp.Tests.Correlation;

/// <summary>What brings messages together where no connection does.</summary>
public sealed class DefaultSessionCorrelatorTests
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static readonly SessionOwner Alice = new("sub", "alice", "https://issuer.example");
    private static readonly SessionOwner Bob = new("sub", "bob", "https://issuer.example");
    private static readonly Implementation Editor = new() { Name = "editor", Version = "1.0" };

    private readonly DefaultSessionCorrelator _correlator = new();

    [Fact]
    public void Correlate_All_GoesByTheTransport()
    {
        var correlation = _correlator.Correlate(Everything() with { TransportSessionId = "abc" });

        Assert.Equal((SessionBoundary.Handshake, "abc"), (correlation.Boundary, correlation.Key));
    }

    [Fact]
    public void Correlate_NoTransportSession_GoesByWhatIsContinued()
    {
        Assert.Equal(SessionCorrelation.ByKey("earlier"), _correlator.Correlate(Everything()));
    }

    [Fact]
    public void Correlate_NothingContinued_GoesByTheTrace()
    {
        var correlation = _correlator.Correlate(Everything() with { Continued = null });

        Assert.Equal(
            (SessionBoundary.Correlated, $"server=weather&sub=alice&issuer=https%3A%2F%2Fissuer.example&trace={Trace}"), (correlation.Boundary, correlation.Key));
    }

    [Fact]
    public void Correlate_TracesNotUsed_GoesByPrincipalAndClient()
    {
        var correlation = new DefaultSessionCorrelator { UsesTraces = false }.Correlate(Everything() with { Continued = null });

        Assert.Equal("server=weather&sub=alice&issuer=https%3A%2F%2Fissuer.example&client=editor/1.0", correlation.Key);
    }

    [Fact]
    public void Correlate_NoTrace_GoesByPrincipalAndClient()
    {
        var correlation = _correlator.Correlate(Everything() with { TraceId = null, Continued = null });

        Assert.Equal("server=weather&sub=alice&issuer=https%3A%2F%2Fissuer.example&client=editor/1.0", correlation.Key);
    }

    [Fact]
    public void Correlate_PrincipalOnly_GoesByIt()
    {
        var correlation = _correlator.Correlate(Everything() with { TraceId = null, Continued = null, Client = null });

        Assert.Equal("server=weather&sub=alice&issuer=https%3A%2F%2Fissuer.example", correlation.Key);
    }

    [Fact]
    public void Correlate_NobodyAtAnAddress_GoesByClientAndAddress()
    {
        var nobody = Everything() with { TraceId = null, Continued = null, Owner = null, ClientAddress = "2001:db8::1" };

        Assert.Equal("server=weather&client=editor/1.0&address=2001%3Adb8%3A%3A1", _correlator.Correlate(nobody).Key);
        Assert.NotEqual(_correlator.Correlate(nobody), _correlator.Correlate(nobody with { ClientAddress = "2001:db8::2" }));
        Assert.DoesNotContain("address", _correlator.Correlate(nobody with { Owner = Alice }).Key!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Correlate_NobodyOverAConnection_GoesByIt(bool namesClient)
    {
        var nobody = Everything() with { TraceId = null, Continued = null, Owner = null, Client = namesClient ? Editor : null, ConnectionKey = "abc" };

        Assert.Equal("server=weather&connection=abc", _correlator.Correlate(nobody).Key);
    }

    [Fact]
    public void Correlate_Nothing_IsAnExchange()
    {
        Assert.Equal(SessionCorrelation.Exchange, _correlator.Correlate(new CorrelationContext(Request())));
        Assert.Equal((SessionBoundary.Exchange, null), (SessionCorrelation.Exchange.Boundary, SessionCorrelation.Exchange.Key));
    }

    [Fact]
    public void Correlate_AnotherPrincipal_IsNeverTheSame()
    {
        var contexts = new[] { Everything() with { Continued = null }, Everything() with { TraceId = null, Continued = null } };

        Assert.All(contexts, context => Assert.Single(
            new[] { context, context with { Owner = Bob }, context with { Owner = null }, context with { ServerName = "other" } }
                .GroupBy(each => _correlator.Correlate(each).Key).Select(group => group.Count()).Distinct()));
    }

    [Theory]
    [InlineData("a&client=b", "1")]
    [InlineData("a", "b&c")]
    [InlineData("a/b", "c")]
    [InlineData("a", "b/c")]
    [InlineData("\u0000\n", "1")]
    [InlineData("\uD800", "1")]
    [InlineData("", "")]
    public void Correlate_HostileClientName_GivesAKeyThatAStoreTakes(string name, string version)
    {
        var context = new CorrelationContext(Request()) { Client = new Implementation { Name = name, Version = version } };

        var key = _correlator.Correlate(context).Key!;

        Assert.Equal(key, (new Session(SessionId.New(), TransportType.Http) with { CorrelationKey = key }).CorrelationKey);
        Assert.NotEqual(key, _correlator.Correlate(context with { Client = new Implementation { Name = name + "x", Version = version } }).Key);
    }

    [Fact]
    public void ByKey_LongerThanAStoreTakes_IsItsHash()
    {
        var key = SessionCorrelation.ByKey(new string('x', 100_000)).Key!;

        Assert.StartsWith("sha256:", key, StringComparison.Ordinal);
        Assert.NotEqual(key, SessionCorrelation.ByKey(new string('x', 100_001)).Key);
        Assert.Throws<ArgumentException>(() => SessionCorrelation.ByKey(""));
    }

    [Theory]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", Trace)]
    [InlineData("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later", Trace)]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01", null)]
    [InlineData("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", null)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e473", null)]
    [InlineData("", null)]
    public void TraceId_OfMeta_IsThatOfTheTraceParent(string traceParent, string? expected)
    {
        var message = new JsonRpcRequest { Method = "tools/call", Params = new JsonObject { ["_meta"] = new JsonObject { ["traceparent"] = traceParent } } };

        Assert.Equal(expected, CorrelationText.TraceId(message));
    }

    [Theory]
    [InlineData("""{"taskId":"t"}""", "task=t")]
    [InlineData("""{"requestState":"s","inputResponses":{}}""", "state=s")]
    [InlineData("""{"task":{"taskId":"t","status":"working"}}""", "task=t")]
    [InlineData("""{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t"}}}""", "task=t")]
    [InlineData("""{"taskId":7}""", null)]
    [InlineData("""{"taskId":""}""", null)]
    [InlineData("""{}""", null)]
    [InlineData("""[]""", null)]
    [InlineData("null", null)]
    public void Continues_OfParams_IsWhatAResultHandedOut(string body, string? expected)
    {
        Assert.Equal(expected, CorrelationText.Continues(new JsonRpcRequest { Method = "m", Params = JsonNode.Parse(body) }));
        Assert.Equal(expected, CorrelationText.HandsOut(new JsonRpcResponse { Result = JsonNode.Parse(body) }));
    }

    [Fact]
    public void ToSessionId_OfATransport_IsTheSameEverywhereAndTellsNothing()
    {
        var id = TransportSessionIds.ToSessionId("secret-session");

        Assert.Equal(32, id.Value.Length);
        Assert.Equal(id, TransportSessionIds.ToSessionId("secret-session"));
        Assert.NotEqual(id, TransportSessionIds.ToSessionId("secret-session2"));
        Assert.DoesNotContain("secret", id.Value, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TransportSessionIds.ToSessionId(""));
        Assert.Equal($"sha256:{id}", TransportSessionIds.ToRecordedText("secret-session"));
        Assert.Equal($"sha256:{id}", TransportSessionIds.ToRecordedText($"sha256:{id}"));
        Assert.Throws<ArgumentException>(() => TransportSessionIds.ToRecordedText(""));
    }

    private static CorrelationContext Everything() => new(Request())
    {
        ServerName = "weather",
        Owner = Alice,
        Client = Editor,
        TraceId = Trace,
        Continued = SessionCorrelation.ByKey("earlier"),
    };

    private static JsonRpcRequest Request() => new() { Method = "tools/list" };
}
