using System.Diagnostics;
using System.Globalization;
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

    /// <summary>What all writers together write each second, where what pages cost is counted.</summary>
    private const int Pace = 16_000;

    private static readonly TimeSpan RoundTime = TimeSpan.FromSeconds(3);

    /// <summary>Code that is not compiled for good yet distorts what is measured.</summary>
    private static readonly TimeSpan WarmUpTime = TimeSpan.FromSeconds(15);

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable("SHADOWCAT_FIGURES_ROUNDS") ?? "6", CultureInfo.InvariantCulture);

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

    /// <summary>Rounds with and without pages take turns, and which comes first of two changes. The pages are clients that read what an open page reads; they, their server and the writers share the processors.</summary>
    [Theory(Explicit = true)]
    [InlineData(10, 10)]
    [InlineData(20, 0)]
    [InlineData(0, 20)]
    public async Task Writers_WithPagesOpen(int ofSessions, int ofTheList)
    {
        await using var provider = Redis is null ? null : RedisServices();
        var store = provider?.GetRequiredService<ISessionStore>() ?? new InMemorySessionStore();
        var ids = await CreateAsync(store);
        await using var application = await InspectedApplication.StartAsync(store);
        List<double> without = [], with = [];
        for (var warming = Stopwatch.StartNew(); warming.Elapsed < WarmUpTime;)
        {
            await WriteAsync(store, ids);
            await WriteWithPagesAsync();
        }

        for (var round = 0; round < Rounds; round++)
        {
            if (round % 2 == 0)
            {
                without.Add(await WriteAsync(store, ids));
            }

            with.Add(await WriteWithPagesAsync());
            if (round % 2 != 0)
            {
                without.Add(await WriteAsync(store, ids));
            }
        }

        var ratios = with.Zip(without, static (one, other) => one / other).ToList();
        FigureLog.Write($"{Writers} writers {Place}: {FigureLog.Percentile(without, 0.5):0} frames/s without pages, {FigureLog.Percentile(with, 0.5):0} with {ofSessions} of sessions and {ofTheList} of the list: {FigureLog.Percentile(ratios, 0.5):0.00}, from {ratios.Min():0.00} to {ratios.Max():0.00} in {Rounds} pairs of rounds");

        async Task<double> WriteWithPagesAsync()
        {
            using var closing = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var pages = Open(application, store, ids, ofSessions, ofTheList, closing.Token);
            var written = await WriteAsync(store, ids);
            await CloseAsync(pages, closing);
            return written;
        }
    }

    /// <summary>How much of the processors open pages take, and what they ask the store for, where writers write at a pace that leaves time.</summary>
    [Theory(Explicit = true)]
    [InlineData(20, 0)]
    [InlineData(0, 20)]
    public async Task Pages_ByProcessorTime(int ofSessions, int ofTheList)
    {
        await using var provider = Redis is null ? null : RedisServices();
        var store = provider?.GetRequiredService<ISessionStore>() ?? new InMemorySessionStore();
        var counting = new CallCountingStore(store);
        var ids = await CreateAsync(store);
        await using var application = await InspectedApplication.StartAsync(counting);
        List<double> costs = [];
        for (var warming = Stopwatch.StartNew(); warming.Elapsed < WarmUpTime;)
        {
            await PaceAsync(store, ids);
        }

        for (var round = 0; round < Rounds; round++)
        {
            var without = await PaceAsync(store, ids);
            using var closing = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var pages = Open(application, store, ids, ofSessions, ofTheList, closing.Token);
            counting.Take();
            costs.Add(await PaceAsync(store, ids) - without);
            await CloseAsync(pages, closing);
        }

        var calls = string.Join(", ", counting.Take().Select(static call => string.Create(CultureInfo.InvariantCulture, $"{call.Value / RoundTime.TotalSeconds:0} {call.Key}")));
        FigureLog.Write($"{ofSessions} pages of sessions and {ofTheList} of the list {Place}, at {Pace} frames/s to {Writers} sessions: {FigureLog.Percentile(costs, 0.5):0.0} ms of processor a second, from {costs.Min():0.0} to {costs.Max():0.0}; a second they ask for {calls}");
    }

    private static string? Redis => Environment.GetEnvironmentVariable(Variable);

    private static string Place => Redis is null ? "in memory" : "on Redis";

    private static ServiceProvider RedisServices() => new ServiceCollection().AddShadowcatSessions().UseRedis(static options => options.Configuration = Redis!).Services.BuildServiceProvider();

    private static async Task<List<SessionId>> CreateAsync(ISessionStore store)
    {
        var ids = new List<SessionId>();
        for (var number = 0; number < Writers; number++)
        {
            ids.Add((await store.CreateSessionAsync(new Session(SessionId.New(), TransportType.Stdio), Ct)).Id);
        }

        return ids;
    }

    private static List<Task> Open(InspectedApplication application, ISessionStore store, List<SessionId> ids, int ofSessions, int ofTheList, CancellationToken closing) =>
        [.. ids.Take(ofSessions).Select(id => OpenPage.OfSessionAsync(application, store, id, closing)), .. Enumerable.Range(0, ofTheList).Select(_ => OpenPage.OfTheListAsync(application, closing))];

    private static async Task CloseAsync(List<Task> pages, CancellationTokenSource closing)
    {
        Assert.DoesNotContain(pages, static page => page.IsCompleted);
        await closing.CancelAsync();
        await Task.WhenAll(pages.Select(static page => page.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)));
    }

    private static async Task<double> WriteAsync(ISessionStore store, List<SessionId> ids)
    {
        await EmptyAsync(store, ids);
        var written = 0L;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(ids.Select(id => Task.Run(async () =>
        {
            while (watch.Elapsed < RoundTime)
            {
                await store.AddFrameAsync(FrameOf(id), Ct);
                Interlocked.Increment(ref written);

                // As a program that waits for what it writes: a store in memory never makes it wait.
                await Task.Yield();
            }
        }, Ct)));
        return written / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Writes at the pace.</summary>
    /// <returns>Milliseconds of processor that the process used a second.</returns>
    private static async Task<double> PaceAsync(ISessionStore store, List<SessionId> ids)
    {
        await EmptyAsync(store, ids);
        var before = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var written = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (watch.Elapsed < RoundTime && await timer.WaitForNextTickAsync(Ct))
        {
            var due = (int)(watch.Elapsed.TotalSeconds * Pace) - written;
            await Task.WhenAll(Enumerable.Range(written, due).Select(number => store.AddFrameAsync(FrameOf(ids[number % ids.Count]), Ct).AsTask()));
            written += due;
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Pages are closed then, or have just been opened: they are not overtaken.</summary>
    private static async Task EmptyAsync(ISessionStore store, List<SessionId> ids)
    {
        foreach (var id in ids)
        {
            await store.DeleteFramesAsync(id, cancellationToken: Ct);
        }

        GC.Collect();
    }

    private static MessageEnvelope FrameOf(SessionId id) => new(id, MessageDirection.ClientToServer, TransportType.Stdio, Payload, DateTimeOffset.UtcNow);

    private static byte[] Payload { get; } = Encoding.UTF8.GetBytes(Conversation.Request(1, "tools/call", $$"""{"name":"x","text":"{{new string('x', 200)}}"}"""));

    [GeneratedRegex("""(?:src|href)="(?<file>assets/[^"]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
