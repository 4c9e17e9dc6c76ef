using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.Inspector.Tests.Browser.Figures;

/// <summary>What the page costs: its files on the wire, and what open pages take from those who write. Run by themselves: <c>-explicit only -class "*ServerFigures"</c>.</summary>
public sealed partial class ServerFigures
{
    /// <summary>The address of a Redis server that the writers write to; without it they write to memory.</summary>
    private const string Variable = "SHADOWCAT_FIGURES_REDIS";

    private const int Writers = 64;
    private const int Rounds = 4;

    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(3);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Assets_Compressed()
    {
        await using var application = await InspectedApplication.StartAsync(new InMemorySessionStore());
        var page = await application.Client.GetStringAsync("", Ct);
        var files = Address().Matches(page).Select(static match => match.Groups["file"].Value).Append("").ToList();
        files.AddRange(files.Where(static file => file.EndsWith("main.js", StringComparison.Ordinal)).Select(static file => file.Replace("main.js", "json-worker.js", StringComparison.Ordinal)).ToList());
        var sizes = new Dictionary<string, int>();
        foreach (var file in files)
        {
            using var response = await application.SendAsync(HttpMethod.Get, file, null, ("Accept-Encoding", "br"));
            response.EnsureSuccessStatusCode();
            sizes[file] = (await response.Content.ReadAsByteArrayAsync(Ct)).Length;
        }

        FigureLog.Write($"assets, compressed: {sizes.Values.Sum() / 1024.0:0.0} KB ({string.Join(", ", sizes.Select(static size => $"{Path.GetFileName(size.Key)} {size.Value}"))})");
    }

    /// <summary>Each page is what it is to the server: it follows a session that is written, or the list, which it reads anew as it changes. Rounds with and without pages take turns.</summary>
    [Theory(Explicit = true)]
    [InlineData(10, 10)]
    [InlineData(20, 0)]
    [InlineData(0, 20)]
    public async Task Writers_WithPagesOpen(int ofSessions, int ofTheList)
    {
        var redis = Environment.GetEnvironmentVariable(Variable);
        await using var provider = redis is null ? null : new ServiceCollection().AddShadowcatSessions().UseRedis(options => options.Configuration = redis).Services.BuildServiceProvider();
        var store = provider?.GetRequiredService<ISessionStore>() ?? new InMemorySessionStore();
        var ids = new List<SessionId>();
        for (var number = 0; number < Writers; number++)
        {
            ids.Add((await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio), Ct)).Id);
        }

        await using var application = await InspectedApplication.StartAsync(store);
        List<double> without = [], with = [];
        for (var round = 0; round < Rounds; round++)
        {
            without.Add(await WriteAsync(store, ids));
            using var closing = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var pages = ids.Take(ofSessions).Select(id => FollowAsync(application, store, id, closing.Token)).Concat(Enumerable.Range(0, ofTheList).Select(_ => ListAsync(application, closing.Token))).ToList();
            with.Add(await WriteAsync(store, ids));
            await closing.CancelAsync();
            await Task.WhenAll(pages.Select(static page => page.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));
        }

        FigureLog.Write($"{Writers} writers {(redis is null ? "in memory" : "on Redis")}: {FigureLog.Percentile(without, 0.5):0} frames/s without pages, {FigureLog.Percentile(with, 0.5):0} with {ofSessions} of sessions and {ofTheList} of the list: {FigureLog.Percentile(with, 0.5) / FigureLog.Percentile(without, 0.5):0.00} (writers, the pages' server and what reads for the pages in one process, medians of {Rounds} rounds)");
    }

    private static async Task<double> WriteAsync(ISessionStore store, List<SessionId> ids)
    {
        var payload = Encoding.UTF8.GetBytes(Conversation.Request(1, "tools/call", $$"""{"name":"x","text":"{{new string('x', 200)}}"}"""));
        var written = 0L;
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = Ct }, async (id, cancellationToken) =>
        {
            while (watch.Elapsed < RoundTime)
            {
                await store.AddFrameAsync(new MessageEnvelope(id, MessageDirection.ClientToServer, TransportType.Stdio, payload, DateTimeOffset.UtcNow), cancellationToken);
                Interlocked.Increment(ref written);
            }
        });
        foreach (var id in ids)
        {
            await store.DeleteFramesAsync(id, cancellationToken: Ct);
        }

        return written / watch.Elapsed.TotalSeconds;
    }

    private static async Task FollowAsync(InspectedApplication application, ISessionStore store, SessionId id, CancellationToken closing)
    {
        var from = (await store.GetSessionAsync(id, closing))!.FrameCount;
        using var response = await application.Client.GetAsync($"api/sessions/{id}/follow?from={from}", HttpCompletionOption.ResponseHeadersRead, closing);
        await using var stream = await response.Content.ReadAsStreamAsync(closing);
        await stream.CopyToAsync(Stream.Null, closing);
    }

    private static async Task ListAsync(InspectedApplication application, CancellationToken closing)
    {
        using var response = await application.Client.GetAsync("api/changes", HttpCompletionOption.ResponseHeadersRead, closing);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(closing));
        while (await reader.ReadLineAsync(closing) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                await application.Client.GetByteArrayAsync("api/sessions?size=100", closing);
            }
        }
    }

    [GeneratedRegex("""(?:src|href)="(?<file>assets/[^"]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
