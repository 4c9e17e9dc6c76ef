using System.CommandLine;
using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Terminal;
using Shadowcat.Sessions.Recorder.Wrapping;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>What <c>wrap</c> and <c>unwrap</c> have in common: they show what they would change in the configuration of a client, ask, and change it.</summary>
internal sealed class ConfigurationCommand
{
    private readonly Argument<string[]> _files = new("configuration")
    {
        Description = $"A configuration of an MCP client, by its path or as one of {string.Join(", ", KnownConfiguration.All.Select(known => known.Name))}; all of these that exist where it is left out.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _servers = new("--server") { Description = "Only the server with this name; may be given several times.", HelpName = "name" };
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Change it without a question." };

    private ConfigurationCommand()
    {
    }

    /// <summary>Decides what becomes of a server of a file.</summary>
    public delegate ServerChange Plan(ReadOnlySpan<byte> text, ConfiguredServer server);

    /// <summary>Gives a command the arguments and lets it change configurations.</summary>
    /// <param name="command">The command.</param>
    /// <param name="plan">Reads from a command line what is to be done to each server.</param>
    public static void AddTo(Command command, Func<ParseResult, Plan> plan)
    {
        var shared = new ConfigurationCommand();
        command.Arguments.Add(shared._files);
        command.Options.Add(shared._servers);
        command.Options.Add(shared._yes);
        command.SetAction((parse, cancellationToken) => shared.RunAsync(parse, plan(parse), cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parse, Plan plan, CancellationToken cancellationToken)
    {
        // All files are read before one is changed.
        var (names, named) = (parse.GetValue(_servers)!, parse.GetValue(_files)!);
        var changes = KnownConfiguration.Choose(named).Select(path => Read(path, names, plan, isNamed: named.Length > 0)).OfType<ConfigurationChange>().ToList();
        if (names.Except(changes.SelectMany(change => change.Servers).Select(server => server.Server), StringComparer.Ordinal).FirstOrDefault() is { } unknown)
        {
            throw new ClientConfigurationException($"no server is called '{unknown}' in {string.Join(", ", changes.Select(change => change.File.Path))}");
        }

        var screen = Screen.Open();
        foreach (var change in changes.Where(change => change.Servers.Count > 0))
        {
            ChangeText.Write(screen, change);
        }

        changes.RemoveAll(change => !change.HasEdits);
        if (changes.Count == 0)
        {
            await StandardError.Writer.WriteLineAsync("there is nothing to change");
            return 0;
        }

        if (!parse.GetValue(_yes) && !Question.CanBeAsked)
        {
            await StandardError.Writer.WriteLineAsync("shadowcat: nothing is changed, for there is no terminal to ask at: give --yes");
            return 1;
        }

        if (!parse.GetValue(_yes) && !await Question.AskAsync(changes.Count == 1 ? "Change this file?" : $"Change these {changes.Count} files?", cancellationToken))
        {
            await StandardError.Writer.WriteLineAsync("nothing is changed");
            return 1;
        }

        foreach (var change in changes)
        {
            change.Write();
            await StandardError.Writer.WriteLineAsync($"changed {SafeText.Of(change.File.Path)}; as it was: {SafeText.Of(change.File.Backup)}");
        }

        await StandardError.Writer.WriteLineAsync("a client that runs reads it when it is started again");
        return 0;
    }

    /// <summary>What is to be done to a file; null for one that nobody named and that has no servers, as an editor may leave it.</summary>
    private static ConfigurationChange? Read(string path, string[] names, Plan plan, bool isNamed)
    {
        var file = ConfigurationFile.Read(path);
        try
        {
            var servers = ClientConfiguration.Parse(file.Text).Where(server => names.Length == 0 || names.Contains(server.Name, StringComparer.Ordinal));
            return new ConfigurationChange(file, [.. servers.Select(server => plan(file.Text, server))]);
        }
        catch (ClientConfigurationException exception)
        {
            if (!isNamed)
            {
                StandardError.Writer.WriteLine($"shadowcat: left: {SafeText.OfLines($"{path} {exception.Message}")}");
                return null;
            }

            throw new ClientConfigurationException($"{path} {exception.Message}", exception);
        }
    }
}
