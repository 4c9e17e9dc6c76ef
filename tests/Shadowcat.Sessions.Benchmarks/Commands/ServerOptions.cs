using System.CommandLine;
using Shadowcat.Sessions.Benchmarks.Measuring;
using Shadowcat.Sessions.Benchmarks.Servers;
using Shadowcat.Sessions.Benchmarks.Workload;

namespace Shadowcat.Sessions.Benchmarks.Commands;

/// <summary>The options of every command that measures on the wire.</summary>
internal sealed class ServerOptions
{
    private readonly Option<string?> _redis = new("--redis") { Description = "The server, such as 127.0.0.1:6379; without it, a redis-server from the PATH is started and ended." };
    private readonly Option<string?> _unix = new("--unix") { Description = "The socket file of that server." };
    private readonly Option<bool> _quick = new("--quick") { Description = "Fewer and shorter rounds: some ten minutes for everything." };
    private readonly Option<int?> _rounds = new("--rounds") { Description = "How many rounds each side runs." };
    private readonly Option<double?> _seconds = new("--seconds-per-round") { Description = "How long a round is." };

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_redis, _unix, _quick, _rounds, _seconds])
        {
            command.Options.Add(option);
        }
    }

    public Pace Pace(ParseResult arguments)
    {
        var pace = arguments.GetValue(_quick) ? Measuring.Pace.Quick : Measuring.Pace.Default;
        return pace with
        {
            Rounds = arguments.GetValue(_rounds) ?? pace.Rounds,
            Round = arguments.GetValue(_seconds) is { } seconds ? TimeSpan.FromSeconds(seconds) : pace.Round,
        };
    }

    /// <summary>Runs something on the server that was named, or on one of its own.</summary>
    public async Task<int> WithServerAsync(ParseResult arguments, Func<Bench, Task> run)
    {
        if (arguments.GetValue(_redis) is { } endpoint)
        {
            return await RunAsync(endpoint, arguments.GetValue(_unix));
        }

        await using var server = await BenchmarkServer.StartAsync();
        return await RunAsync(server.Endpoint, server.Socket);

        async Task<int> RunAsync(string address, string? socket)
        {
            await using var bench = await Bench.ConnectAsync(address, Pace(arguments), socket);
            await run(bench);
            return 0;
        }
    }
}
