namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary>Where a request goes: to the server that the recorder stands before, and nowhere else; and who may send one.</summary>
public sealed class HttpTargetTests
{
    private const string Answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 36\r\nConnection: close\r\n\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}";

    [Theory]
    [InlineData("//{0}/x")]
    [InlineData("/.//{0}/x")]
    [InlineData("/a/..//{0}/x")]
    [InlineData("//a@{0}/x")]
    [InlineData("/\\{0}/x")]
    [InlineData("/%5C{0}/x")]
    [InlineData("http://{0}/mcp")]
    [InlineData("HTTP://a@{0}/mcp")]
    public async Task Post_TargetThatMayNameAnotherHost_Is400AndReachesNobody(string target)
    {
        await using RawUpstream other = RawUpstream.Start(Answer);
        await using RawUpstream upstream = RawUpstream.Start(Answer);
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        string answer = await RawClient.SendAsync(
            recorder.Endpoint, string.Format(System.Globalization.CultureInfo.InvariantCulture, target, other.Endpoint.Authority), headers: "Authorization: Bearer secret\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
        Assert.Empty(upstream.Requests);
        Assert.Empty(await recorder.StopAsync());
    }

    [Theory]
    [InlineData("/mcp?next=//other/x")]
    [InlineData("/a/../mcp")]
    [InlineData("/a%2F%2Fb?x=%20%5c")]
    [InlineData("/mcp/a@b")]
    public async Task Post_AnyOtherTarget_ReachesTheServerAsItWas(string target)
    {
        await using RawUpstream upstream = RawUpstream.Start(Answer);
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        string answer = await RawClient.SendAsync(recorder.Endpoint, target);

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.StartsWith($"POST {target} HTTP/1.1\r\n", Assert.Single(upstream.Requests), StringComparison.Ordinal);
        Assert.Contains($"Host: {upstream.Endpoint.Authority}\r\n", Assert.Single(upstream.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evil.example", "", 403)]
    [InlineData("evil.example:80", "Origin: http://localhost:3000\r\n", 403)]
    [InlineData("localhost", "Origin: https://evil.example\r\n", 403)]
    [InlineData("127.0.0.1.evil.example", "", 403)]
    [InlineData("localhost", "Origin: null\r\n", 403)]
    [InlineData("localhost", "", 200)]
    [InlineData("LocalHost:1", "ORIGIN: HTTP://LocalHost:6274\r\n", 200)]
    [InlineData("[::1]", "Origin: http://[::1]:3000\r\n", 200)]
    [InlineData("tools.example", "Origin: https://pages.example\r\n", 200)]
    public async Task Post_HostOrOriginOfSomebodyElse_IsRefusedUnlessAllowed(string host, string headers, int status)
    {
        await using RawUpstream upstream = RawUpstream.Start(Answer);
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint, allowed: ["tools.example", "Pages.Example"]);

        string answer = await RawClient.SendAsync(recorder.Endpoint, "/mcp", host: host, headers: headers);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Equal(status == 200 ? 1 : 0, upstream.Requests.Count);
        Assert.Equal(status != 200, recorder.Notices.Contains("--allow-host", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/mcp/")]
    [InlineData("/mcp;a")]
    [InlineData("/MCP")]
    [InlineData("/%6dcp")]
    [InlineData("/x/../mcp?a=b")]
    public async Task Post_EndpointSpelledOtherwise_IsRecorded(string target)
    {
        await using RawUpstream upstream = RawUpstream.Start(Answer);
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        await RawClient.SendAsync(recorder.Endpoint, target);

        Assert.Equal([MessageKind.Request, MessageKind.Response], (await recorder.StopAndReadAsync()).Select(frame => frame.Kind));
        Assert.Empty(recorder.Notices);
    }

    [Fact]
    public async Task Post_AnotherPath_IsServedAndSaidToBeUnrecorded()
    {
        await using RawUpstream upstream = RawUpstream.Start(Answer);
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        await RawClient.SendAsync(recorder.Endpoint, "/mcp/other");
        await RawClient.SendAsync(recorder.Endpoint, "/mcp/other");

        Assert.Equal(2, upstream.Requests.Count);
        Assert.Empty(await recorder.StopAsync());
        Assert.Equal("shadowcat: not recorded, for it is not the endpoint that --http names: POST /mcp/other", recorder.Notices.TrimEnd());
    }

    [Theory]
    [InlineData("http://{0}/v2/mcp/")]
    [InlineData("/v2/mcp/")]
    [InlineData("v2/mcp/")]
    public async Task Redirection_ToTheServerItself_LeadsThroughTheRecorderAndIsRecorded(string location)
    {
        await using RawUpstream upstream = RawUpstream.Start((request, stream, stop) =>
        {
            string to = string.Format(System.Globalization.CultureInfo.InvariantCulture, location, request.Split("Host: ")[1].Split('\r')[0]);
            string answer = request.StartsWith("POST /mcp ", StringComparison.Ordinal)
                ? $"HTTP/1.1 307 Temporary Redirect\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                : Answer;
            return stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer), stop).AsTask();
        });
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);
        using var client = new HttpClient();

        using HttpResponseMessage response = await client.PostAsync(recorder.Endpoint, new StringContent(RawClient.List), TestContext.Current.CancellationToken);

        Assert.Equal((200, recorder.Endpoint.Port), ((int)response.StatusCode, response.RequestMessage!.RequestUri!.Port));
        List<MessageEnvelope> frames = await recorder.StopAndReadAsync();
        Assert.Equal([MessageKind.Request, MessageKind.Unparsed, MessageKind.Request, MessageKind.Response], frames.Select(frame => frame.Kind));
        Assert.Equal(("307", true), (frames[1].Metadata["http.status"], frames[1].Metadata["http.header.location"].EndsWith("v2/mcp/", StringComparison.Ordinal)));
        Assert.Empty(recorder.Notices);
    }

    [Theory]
    [InlineData("http://127.0.0.1:9/mcp")]
    [InlineData("//other.example/mcp")]
    [InlineData("https://127.0.0.1/mcp")]
    public async Task Redirection_ToSomebodyElse_IsSaidToLeadPastTheRecorder(string location)
    {
        await using RawUpstream upstream = RawUpstream.Start($"HTTP/1.1 308 Permanent Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        await using HttpRecorder recorder = await HttpRecorder.StartAsync(upstream.Endpoint);

        string answer = await RawClient.SendAsync(recorder.Endpoint, "/mcp");

        Assert.Contains($"Location: {location}\r\n", answer, StringComparison.Ordinal);
        Assert.Contains($"redirects /mcp to {location}", recorder.Notices, StringComparison.Ordinal);
    }
}
