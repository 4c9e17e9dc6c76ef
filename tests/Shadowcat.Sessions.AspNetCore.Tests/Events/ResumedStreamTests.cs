using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.AspNetCore.Tests.Migration;
using Shadowcat.Sessions.Mcp.Tests.Npm;

namespace Shadowcat.Sessions.AspNetCore.Tests.Events;

/// <summary>Streams that real clients and plain HTTP resume.</summary>
public sealed class ResumedStreamTests : TwoReplicaTest
{
    [Fact]
    public async Task Client_ThatLostItsConnection_GetsTheRestAtAnotherReplica()
    {
        var session = await Alice.BeginAsync(A);
        var (first, last) = await BreakOffAsync(session);

        // The SDK answers with the first event, so there is nothing to see before.
        var resuming = Alice.ResumeAsync(B, session, last);
        A.Get<StepGate>().Open();

        using var response = await resuming;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var rest = await EventsAsync(response);
        Assert.Equal(["notifications/progress 2", "done"], await DescribeAsync(rest));
        using var again = await Alice.ResumeAsync(B, session, first);
        await using var all = await EventsAsync(again);
        Assert.Equal(["notifications/progress 1", "notifications/progress 2", "done"], await DescribeAsync(all));
    }

    [Fact]
    public async Task OthersAndOtherSessions_WithTheIdOfAnEvent_GetNothing()
    {
        var session = await Alice.BeginAsync(A);
        var (_, last) = await BreakOffAsync(session);
        var another = await Alice.BeginAsync(A);
        var bobs = await Bob.BeginAsync(A);

        using var asBob = await Bob.ResumeAsync(B, session, last);
        using var inBobs = await Bob.ResumeAsync(B, bobs, last);
        using var inAnother = await Alice.ResumeAsync(B, another, last);
        using var forged = await Alice.ResumeAsync(B, session, last + "A");

        Assert.Equal(HttpStatusCode.NotFound, asBob.StatusCode);
        Assert.All([inBobs, inAnother, forged], response => Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode));
        A.Get<StepGate>().Open();
    }

    [Fact]
    public async Task Deleted_Session_TakesItsEventsAlong()
    {
        var session = await Alice.BeginAsync(A);
        await Alice.KnownAsync(A, session);
        Assert.NotNull(await Store.GetSessionAsync(EventLog.IdOf(session), Ct));

        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(B, session, HttpMethod.Delete));

        Assert.Null(await Store.GetSessionAsync(EventLog.IdOf(session), Ct));
    }

    [Fact]
    public async Task Deleted_SessionThatDoesNotMigrate_TakesItsEventsAlong()
    {
        await using var replica = await TestReplica.StartAsync(Store, server => server.WithSessionEventStore(), migrates: false);
        var session = await Alice.BeginAsync(replica);
        await Alice.KnownAsync(replica, session);
        Assert.Equal("alice", (await Store.GetSessionAsync(EventLog.IdOf(session), Ct))!.Owner!.Value);

        Assert.Equal(HttpStatusCode.Forbidden, await Bob.StatusAsync(replica, session, HttpMethod.Delete));
        Assert.NotNull(await Store.GetSessionAsync(EventLog.IdOf(session), Ct));
        Assert.Equal(HttpStatusCode.OK, await Alice.StatusAsync(replica, session, HttpMethod.Delete));

        Assert.Null(await Store.GetSessionAsync(EventLog.IdOf(session), Ct));
    }

    [Fact]
    public async Task SdkClient_WhoseResponseEndsEarly_ResumesIt()
    {
        await using var client = await A.ConnectAsync("alice");

        var result = await client.CallToolAsync("later", cancellationToken: Ct);

        Assert.Equal("here it is", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Fact]
    public async Task SdkClient_ThatComesBackTooEarly_ComesAgain()
    {
        await using var replica = await StartWithLateAnswerAsync();
        await using var client = await replica.ConnectAsync("alice");

        var result = await client.CallToolAsync("much-later", cancellationToken: Ct);

        Assert.Equal("here it is", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    [Fact]
    public async Task NpmClient_ThatComesBackTooEarly_ComesAgain()
    {
        var npm = NpmPackages.FolderOrSkip();
        await using var replica = await StartWithLateAnswerAsync();

        var said = JsonNode.Parse(await NpmPackages.RunAsync(npm, Path.Combine(AppContext.BaseDirectory, "npm-resuming-client.mjs"), $"{replica.Endpoint}"))!;

        Assert.Equal("here it is", said["text"]!.GetValue<string>());
        Assert.True(said["resumed"]!.GetValue<int>() > 1);
    }

    /// <summary>Starts a replica whose tool answers only when a client has come back for the answer, and has gone without.</summary>
    private Task<TestReplica> StartWithLateAnswerAsync() => TestReplica.StartAsync(
        Store,
        server => server.WithSessionEventStore(),
        application => application.Use(async (context, next) =>
        {
            await next(context);
            if (context.Request.Headers.ContainsKey("Last-Event-ID"))
            {
                application.Services.GetRequiredService<StepGate>().Open();
            }
        }));

    /// <summary>Calls the tool and goes away when it has said its first step.</summary>
    private async Task<(string First, string Last)> BreakOffAsync(string session)
    {
        using var response = await Alice.CallAsync(A, session, "steps");
        await using var events = await EventsAsync(response);
        Assert.True(await events.MoveNextAsync());
        var first = events.Current.EventId!;
        Assert.True(await events.MoveNextAsync());
        return (first, events.Current.EventId!);
    }

    private static async Task<IAsyncEnumerator<SseItem<string>>> EventsAsync(HttpResponseMessage response) =>
        SseParser.Create(await response.Content.ReadAsStreamAsync(Ct)).EnumerateAsync(Ct).GetAsyncEnumerator(Ct);

    private static async Task<List<string>> DescribeAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        List<string> all = [];
        while (await events.MoveNextAsync())
        {
            var message = JsonNode.Parse(events.Current.Data)!;
            all.Add(message["method"] is { } method ? $"{method} {message["params"]!["progress"]}" : $"{message["result"]!["content"]![0]!["text"]}");
        }

        return all;
    }

    private protected override void Configure(IMcpServerBuilder server) => server.WithSessionEventStore();
}
