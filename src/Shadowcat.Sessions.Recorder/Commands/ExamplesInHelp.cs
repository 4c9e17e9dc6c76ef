using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>The help of a command with examples at its end.</summary>
internal sealed class ExamplesInHelp : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new();
    private readonly (string Arguments, string Meaning)[] _examples;

    private ExamplesInHelp((string Arguments, string Meaning)[] examples) => _examples = examples;

    /// <summary>Gives the help of a command examples.</summary>
    /// <param name="command">The command.</param>
    /// <param name="examples">What is typed behind the name of the program, and what it does.</param>
    public static void AddTo(Command command, params (string Arguments, string Meaning)[] examples) =>
        command.Options.Add(new HelpOption { Action = new ExamplesInHelp(examples) });

    public override int Invoke(ParseResult parseResult)
    {
        var code = _help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var (arguments, meaning) in _examples)
        {
            output.WriteLine($"  # {meaning}");
            output.WriteLine($"  shadowcat {arguments}");
        }

        output.WriteLine();
        return code;
    }
}
