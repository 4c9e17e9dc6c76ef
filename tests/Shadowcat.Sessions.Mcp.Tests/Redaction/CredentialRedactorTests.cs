using System.Text;

namespace Shadowcat.Sessions.Mcp.Tests.Redaction;

/// <summary>What the ready redactor takes out, and what it leaves.</summary>
public sealed class CredentialRedactorTests
{
    private const string Jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl-_";

    public static TheoryData<string, string> Credentials => new()
    {
        { """{"params":{"arguments":{"access_token":"abc","other":1}}}""", """{"params":{"arguments":{"access_token":"[redacted]","other":1}}}""" },
        { """{"a":{"Refresh-Token":"x"},"clientSecret" : "y","API_KEY":12345}""", """{"a":{"Refresh-Token":"[redacted]"},"clientSecret" : "[redacted]","API_KEY":"[redacted]"}""" },
        { """{"headers":{"Authorization":"Basic dXNlcg=="}}""", """{"headers":{"Authorization":"[redacted]"}}""" },
        { """{"pass\u0077ord":"x"}""", """{"pass\u0077ord":"[redacted]"}""" },
        { """{"text":"curl -H 'Authorization: Basic dXNlcg==' https://x"}""", """{"text":"curl -H \u0027Authorization: Basic [redacted]\u0027 https://x"}""" },
        { """{"text":"use Bearer abcdef123456 for it"}""", """{"text":"use Bearer [redacted] for it"}""" },
        { $$"""{"text":"it is {{Jwt}}."}""", """{"text":"it is [redacted]."}""" },
        { """{"text":"{\"access_token\":\"abc\",\"expires_in\":60}"}""", """{"text":"{\u0022access_token\u0022:\u0022[redacted]\u0022,\u0022expires_in\u0022:60}"}""" },
        { """{"url":"https://x/?a=1&access_token=abc&b=2"}""", """{"url":"https://x/?a=1\u0026access_token=[redacted]\u0026b=2"}""" },
        { """{"text":"use bEaReR abcdef123456 for it"}""", """{"text":"use bEaReR [redacted] for it"}""" },
        { """{"text":"pAsswd=x"}""", """{"text":"pAsswd=[redacted]"}""" },
        { """{"text":"B\u0065arer abcdef123456"}""", """{"text":"Bearer [redacted]"}""" },
        { """{"secret":{"name":"x","data":["y"]},"other":[1]}""", """{"secret":"[redacted]","other":[1]}""" },
        { """{"env":[{"value":"x","name":"API_TOKEN"}]}""", """{"env":[{"value":"[redacted]","name":"API_TOKEN"}]}""" },
        { """{"headers":[["Authorization","Basic dXNlcg=="],["Accept","*/*"]]}""", """{"headers":[["Authorization","[redacted]"],["Accept","*/*"]]}""" },
        { """{"text":"Authorization: Digest username=a, response=b\nAccept: x"}""", """{"text":"Authorization: Digest [redacted]\nAccept: x"}""" },
        { """{"text":"Cookie: a=1; b=2\nAccept: x"}""", """{"text":"Cookie: [redacted]\nAccept: x"}""" },
        { """{"url":"https://user:pw1@host/?sig=abcdefgh&x=1"}""", """{"url":"https://user:[redacted]@host/?sig=[redacted]\u0026x=1"}""" },
        { """{"text":"{\"password\":[\"x\"],\"b\":1}"}""", """{"text":"{\u0022password\u0022:\u0022[redacted]\u0022,\u0022b\u0022:1}"}""" },
        { """{"a":"\ud800 password=x1"}""", """{"a":"\uD800 password=[redacted]"}""" },
        { """{"a":1}{"password":"x"}""", """{"a":1}{"password":"[redacted]"}""" },
        { "{\"password\":\"x", "{\"password\":\"[redacted]\"" },
        { "\uFEFF{\"password\":\"x\"}", "\uFEFF{\"password\":\"[redacted]\"}" },
    };

    [Theory]
    [MemberData(nameof(Credentials))]
    public void Redact_Credential_IsReplaced(string message, string expected)
    {
        var redacted = Redact(new CredentialRedactor(), message);

        Assert.Equal(expected, Text(redacted));
        Assert.Equal(MessageFlags.Redacted, redacted.Flags);
    }

    [Fact]
    public void Redact_CredentialAnywhereInALongText_IsReplaced()
    {
        const int Length = 2200;
        for (var place = 0; place < Length; place++)
        {
            var (before, behind) = (new string('x', place), new string('y', Length - place));

            Assert.Equal($$"""{"text":"{{before}} api_key=[redacted] {{behind}}"}""", Text(Redact(new CredentialRedactor(), $$"""{"text":"{{before}} api_key=s {{behind}}"}""")));
        }
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"progressToken":"abcdef123456"},"name":"echo","arguments":{"text":"x"}}}""")]
    [InlineData("""{"tools":[{"inputSchema":{"properties":{"password":{"type":"string"}},"required":["password"]}}]}""")]
    [InlineData("""{"a":"the bearer certificate of an authorization","nextCursor":"eyJhIjoxfQ==","maxTokens":100,"token":null,"secret":true}""")]
    [InlineData("""  {  "spaces" : [ 1.50 , "\u00e9" ]  }  """)]
    [InlineData("")]
    [InlineData("no json")]
    public void Redact_NoCredential_ChangesNothing(string message)
    {
        var frame = Frame(Encoding.UTF8.GetBytes(message));

        Assert.Same(frame, new CredentialRedactor().Redact(frame));
    }

    [Theory]
    [InlineData("$.params.arguments.ssn", """{"params":{"arguments":{"ssn":"[redacted]","name":"a","list":[{"x":1},{"x":2}]}},"ssn":"0"}""")]
    [InlineData("$['params']['arguments']", """{"params":{"arguments":"[redacted]"},"ssn":"0"}""")]
    [InlineData("$..ssn", """{"params":{"arguments":{"ssn":"[redacted]","name":"a","list":[{"x":1},{"x":2}]}},"ssn":"[redacted]"}""")]
    [InlineData("$.params.*.list[1].x", """{"params":{"arguments":{"ssn":"1","name":"a","list":[{"x":1},{"x":"[redacted]"}]}},"ssn":"0"}""")]
    [InlineData("$..list[*]", """{"params":{"arguments":{"ssn":"1","name":"a","list":["[redacted]","[redacted]"]}},"ssn":"0"}""")]
    [InlineData("$..[\"x\"]", """{"params":{"arguments":{"ssn":"1","name":"a","list":[{"x":"[redacted]"},{"x":"[redacted]"}]}},"ssn":"0"}""")]
    [InlineData("$.nothing", """{"params":{"arguments":{"ssn":"1","name":"a","list":[{"x":1},{"x":2}]}},"ssn":"0"}""")]
    public void Redact_Path_ReplacesWhatItLeadsTo(string path, string expected)
    {
        const string Message = """{"params":{"arguments":{"ssn":"1","name":"a","list":[{"x":1},{"x":2}]}},"ssn":"0"}""";

        Assert.Equal(expected, Text(Redact(new CredentialRedactor(path), Message)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData("params.x")]
    [InlineData("$params")]
    [InlineData("$.")]
    [InlineData("$.a.")]
    [InlineData("$.a[")]
    [InlineData("$.a[]")]
    [InlineData("$.a[x]")]
    [InlineData("$.a[-1]")]
    [InlineData("$.a['x]")]
    [InlineData("$.a['x'")]
    [InlineData("$..")]
    [InlineData("$.a]b[")]
    public void Constructor_NoPath_IsRefused(string path)
    {
        Assert.Throws<ArgumentException>(() => new CredentialRedactor(path));
    }

    [Theory]
    [InlineData("""{"ssn":"1"}{"ssn":"2"}""")]
    [InlineData("""{"ssn":"1""")]
    public void Redact_PathsAndNoJson_ReplacesAll(string message)
    {
        Assert.Equal("[redacted]", Text(Redact(new CredentialRedactor("$.ssn"), message)));
    }

    [Fact]
    public void Redact_DeeperThanIsRead_ReplacesAllWhereThereArePaths()
    {
        var message = string.Concat(Enumerable.Repeat("[", 100)) + """{"ssn":"1"}""" + string.Concat(Enumerable.Repeat("]", 100));

        Assert.Equal("[redacted]", Text(Redact(new CredentialRedactor("$..ssn"), message)));
    }

    [Fact]
    public void Redact_NoJson_FindsCredentialsAndKeepsTheBytes()
    {
        byte[] payload = [0xFF, .. "GET / HTTP/1.1\r\nAuthorization: Bearer abcdef\r\n"u8, 0x00, 0xFE];

        var redacted = new CredentialRedactor().Redact(Frame(payload));

        byte[] expected = [0xFF, .. "GET / HTTP/1.1\r\nAuthorization: Bearer [redacted]\r\n"u8, 0x00, 0xFE];
        Assert.Equal(expected, redacted.Payload.ToArray());
    }

    [Fact]
    public void Redact_Metadata_LosesCredentialsOnly()
    {
        var frame = Frame("{}"u8.ToArray()) with
        {
            Metadata = FrameMetadata.Create(
            [
                new("Authorization", "Bearer x"), new("http.request.header.cookie", "a=b"), new("X-Api-Key", "k"), new("note", $"the token is {Jwt}"), new("Accept", "*/*"),
            ]),
        };

        var redacted = new CredentialRedactor().Redact(frame);

        Assert.Equal(["[redacted]", "[redacted]", "[redacted]", "the token is [redacted]", "*/*"], frame.Metadata.Keys.Select(key => redacted.Metadata[key]));
        Assert.Equal(MessageFlags.Redacted, redacted.Flags);
        Assert.Equal(frame.Payload, redacted.Payload);
    }

    [Theory]
    [InlineData("x-vault-token")]
    [InlineData("x-goog-api-key")]
    [InlineData("PRIVATE-TOKEN")]
    [InlineData("Proxy-Authorization")]
    [InlineData("http.response.header.set-cookie")]
    [InlineData("Mcp-Session-Id")]
    [InlineData("X-Amz-Security-Token")]
    public void Redact_MetadataKeyOfACredential_LosesItsValue(string key)
    {
        var frame = Frame("{}"u8.ToArray()) with { Metadata = FrameMetadata.Create([new(key, "v"), new("x-tokens-left", "12")]) };

        var redacted = new CredentialRedactor().Redact(frame);

        Assert.Equal(("[redacted]", "12"), (redacted.Metadata[key], redacted.Metadata["x-tokens-left"]));
    }

    [Fact]
    public void Redact_DeeperThanIsRead_FindsCredentialsInTheText()
    {
        var message = string.Concat(Enumerable.Repeat("[", 5000)) + """{"password":"x"}""" + string.Concat(Enumerable.Repeat("]", 5000));

        Assert.Equal(message.Replace("\"x\"", "\"[redacted]\"", StringComparison.Ordinal), Text(Redact(new CredentialRedactor(), message)));
    }

    [Fact]
    public void Redact_DeepPathsOnDeepJson_StaysQuick()
    {
        var message = string.Concat(Enumerable.Repeat("""{"a":""", 60)) + "1" + new string('}', 60);

        Assert.Contains("[redacted]", Text(Redact(new CredentialRedactor("$..a..a..a..a..a..a..b", "$..a..a"), message)), StringComparison.Ordinal);
    }

    private static MessageEnvelope Redact(CredentialRedactor redactor, string message) => redactor.Redact(Frame(Encoding.UTF8.GetBytes(message)));

    private static MessageEnvelope Frame(byte[] payload) =>
        new(SessionId.New(), MessageDirection.ClientToServer, TransportType.StreamableHttp, payload, DateTimeOffset.UnixEpoch);

    private static string Text(MessageEnvelope frame) => Encoding.UTF8.GetString(frame.Payload.Span);
}
