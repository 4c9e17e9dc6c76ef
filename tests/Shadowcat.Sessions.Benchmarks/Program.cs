using System.CommandLine;
using Shadowcat.Sessions.Benchmarks.Commands;
using Spectre.Console;

// Whatever reads the output may have no width of its own: nothing is cut there.
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 220;
}

var root = new RootCommand("Measures Shadowcat.Sessions against what people would use instead.")
{
    CompareCommand.Create(),
    LatencyCommand.Create(),
    CapacityCommand.Create(),
    CodecCommand.Create(),
    PictureCommand.Create(),
};

// Whoever stops a run still has the server that it started ended, and the keys that it wrote removed.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(20) });
