using System.Net;
using System.Text.RegularExpressions;
using Shadowcat.Sessions.Recorder.Inspecting;
using Shadowcat.Sessions.Tests.Sqlite;

namespace Shadowcat.Sessions.Tests.Recorder;

/// <summary><c>inspect</c>: recordings in the browser of the one user who started it.</summary>
public sealed partial class InspectCommandTests : IDisposable
{
    private readonly TemporaryFile _store = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _store.Dispose();
    }

    [Fact]
    public async Task Inspect_TheAddressThatIsPrinted_OpensThePageWithACookieInstead()
    {
        await WithHostAsync(async address =>
        {
            using HttpResponseMessage first = await SendAsync(address);
            string cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
            using HttpResponseMessage page = await SendAsync(new Uri(address, "/"), ("Cookie", cookie.Split(';')[0]));
            using HttpResponseMessage info = await SendAsync(new Uri(address, "/api/info"), ("Cookie", cookie.Split(';')[0]));

            Assert.Equal((HttpStatusCode.Redirect, "/"), (first.StatusCode, $"{first.Headers.Location}"));
            Assert.EndsWith("; path=/; samesite=strict; httponly", cookie, StringComparison.Ordinal);
            Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
            Assert.Contains("\"store\":\"a store\"", await info.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/?token=guessed")]
    [InlineData("/?token=")]
    [InlineData("/api/sessions")]
    [InlineData("/api/sessions?{token}")]
    [InlineData("/assets/0/main.js")]
    [InlineData("/nothing")]
    public async Task Inspect_WithoutTheToken_ShowsNothing(string path)
    {
        await WithHostAsync(async address =>
        {
            using HttpResponseMessage response = await SendAsync(new Uri(address, path.Replace("{token}", address.Query.TrimStart('?'), StringComparison.Ordinal)));

            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Contains("open the address that it printed", await response.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("Set-Cookie"));
        });
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:{port}")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1.evil.example:{port}")]
    [InlineData("127.0.0.1:1")]
    public async Task Inspect_ByAnotherName_IsRefusedEvenWithTheToken(string host)
    {
        await WithHostAsync(async address =>
        {
            using HttpResponseMessage response = await SendAsync(address, ("Host", host.Replace("{port}", $"{address.Port}", StringComparison.Ordinal)));

            Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        });
    }

    [Fact]
    public async Task Inspect_TwoRuns_HaveTokensOfTheirOwn()
    {
        await WithHostAsync(first => WithHostAsync(async second =>
        {
            Assert.NotEqual(first.Query, second.Query);
            using HttpResponseMessage response = await SendAsync(new Uri(second, first.PathAndQuery));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }));
    }

    [Fact]
    public async Task Inspect_APortThatIsTaken_SaysWhatToDo()
    {
        await WithHostAsync(async address =>
        {
            IOException refusal = await Assert.ThrowsAsync<IOException>(() => InspectorHost.RunAsync(new InMemorySessionStore(), _ => { }, address.Port, _ => { }, Ct));
            Assert.Contains("Give --port another number, or leave it out.", refusal.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Inspect_AnArchive_ShowsItAndChangesNoStore()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the shell of a Unix");
        var recorded = new InMemorySessionStore();
        Session session = await Archived.RecordedAsync(recorded, frames: 3);
        string archive = Path.Combine(Path.GetDirectoryName(_store.Path)!, "archive.jsonl");
        await using (FileStream file = SessionArchive.OpenFile(archive))
        {
            await recorded.ExportSessionAsync(session.Id, file, cancellationToken: Ct);
        }

        string printed = _store.Path + ".printed";
        await using RecorderProcess recorder = RecorderProcess.StartInShell($"exec \"$@\" 2>'{printed}'", "inspect", archive, "--no-browser", "--store", _store.Path);
        await Poll.UntilAsync(() => Task.FromResult(File.Exists(printed) && Address().IsMatch(File.ReadAllText(printed))), "the address is printed");
        var address = new Uri(Address().Match(await File.ReadAllTextAsync(printed, Ct)).Value);
        using HttpResponseMessage first = await SendAsync(address);
        string cookie = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using HttpResponseMessage found = await SendAsync(new Uri(address, $"/api/sessions/{Uri.EscapeDataString(session.Id.Value)}"), ("Cookie", cookie));
        using HttpResponseMessage har = await SendAsync(new Uri(address, $"/api/sessions/{Uri.EscapeDataString(session.Id.Value)}/export?format=otlp"), ("Cookie", cookie));
        using HttpResponseMessage info = await SendAsync(new Uri(address, "/api/info"), ("Cookie", cookie));
        recorder.Terminate();
        RecorderRun run = await recorder.WaitAsync();

        Assert.Equal($"#/s/{session.Id}", address.Fragment);
        Assert.Contains("\"frames\":3", await found.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("resourceSpans", await har.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("\"replayCommand\":null", await info.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Contains("\"exports\":[\"jsonl\",\"html\",\"har\",\"otlp\"]", await info.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(0, run.ExitCode);
        Assert.False(File.Exists(_store.Path));
    }

    [Theory]
    [InlineData("'--port' takes a number from 1 to 65535; '0' is none.", "--port", "0")]
    [InlineData("There is neither a session 'nothing' in", "nothing")]
    public async Task Inspect_WhatIsNotThere_SaysSo(string expected, params string[] arguments)
    {
        RecorderRun run = await HostedRecorder.RunAsync(["inspect", "--no-browser", "--store", _store.Path, .. arguments]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    private static async Task WithHostAsync(Func<Uri, Task> use)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task running = InspectorHost.RunAsync(new InMemorySessionStore(), options => options.StoreDescription = "a store", port: 0, listening.SetResult, stop.Token);
        try
        {
            await use(await listening.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct));
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await _client.SendAsync(request, Ct);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:[0-9]+/\S+", RegexOptions.None, 1000)]
    private static partial Regex Address();
}
