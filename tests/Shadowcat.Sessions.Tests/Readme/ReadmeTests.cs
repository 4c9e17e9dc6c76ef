using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Readme;

public sealed class ReadmeTests
{
    [Fact]
    public async Task Example_Run_PrintsTheFrame()
    {
        Assert.Equal("0 ClientToServer tools/list", (await ReadmeExample.RunAsync(new ServiceCollection())).Trim());
    }

    [Fact]
    public void Readme_Example_IsTheOneThatCompiles()
    {
        var lines = File.ReadAllLines(InRepository("tests/Shadowcat.Sessions.Tests/Readme/ReadmeExample.cs"));
        var example = lines
            .SkipWhile(line => !line.Contains("// <example>", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.Contains("// </example>", StringComparison.Ordinal))
            .Select(line => line.Length >= 8 ? line[8..] : line)
            .Select(line => line.Replace("console.AppendLine", "Console.WriteLine", StringComparison.Ordinal));

        Assert.Contains(string.Join('\n', example), Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_OptionsTables_NameEveryOption()
    {
        foreach (var option in typeof(SessionStoreOptions).GetProperties().Concat(typeof(RedisSessionStoreOptions).GetProperties()))
        {
            Assert.Contains($"| `{option.Name}` |", Readme(), StringComparison.Ordinal);
        }
    }

    private static string Readme() => File.ReadAllText(InRepository("README.md")).ReplaceLineEndings("\n");

    private static string InRepository(string path) => Path.Combine(Repository.Root, path);
}
