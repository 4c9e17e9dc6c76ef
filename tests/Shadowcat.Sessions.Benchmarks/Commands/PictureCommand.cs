using System.CommandLine;
using Shadowcat.Sessions.Benchmarks.Reporting;

namespace Shadowcat.Sessions.Benchmarks.Commands;

/// <summary><c>picture</c>: draws the picture of the front page from results that <c>compare --json</c> wrote. It measures nothing.</summary>
internal static class PictureCommand
{
    public static Command Create()
    {
        var results = new Argument<FileInfo>("results") { Description = "The file that compare --json wrote." };
        var picture = new Argument<FileInfo>("picture") { Description = "The SVG to write." };
        var command = new Command("picture", "Draws the picture of the front page from results.") { results, picture };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var rows = await ResultJson.ReadAsync(arguments.GetRequiredValue(results), cancellationToken);
            await File.WriteAllTextAsync(arguments.GetRequiredValue(picture).FullName, ComparisonPicture.Draw(rows), cancellationToken);
        });
        return command;
    }
}
