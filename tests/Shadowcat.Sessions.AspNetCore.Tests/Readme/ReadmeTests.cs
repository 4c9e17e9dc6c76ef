using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.AspNetCore.Tests.Readme;

public sealed class ReadmeTests
{
    [Fact]
    public void Example_Run_RegistersWhatItSays()
    {
        var services = new ServiceCollection();

        ReadmeExample.Run(services);

        Assert.Contains(services, service => service.ServiceType == typeof(ISessionMigrationHandler));
        Assert.Contains(services, service => service.ServiceType == typeof(ISseEventStreamStore));
    }

    [Fact]
    public void Readme_Example_IsTheOneThatCompiles()
    {
        var example = File.ReadAllLines(InRepository("tests/Shadowcat.Sessions.AspNetCore.Tests/Readme/ReadmeExample.cs"))
            .SkipWhile(line => !line.Contains("// <example>", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.Contains("// </example>", StringComparison.Ordinal))
            .Select(line => line.Length >= 8 ? line[8..] : line);

        Assert.Contains(string.Join('\n', example), Readme(), StringComparison.Ordinal);
    }

    [Fact]
    public void Readme_OptionsTable_NamesEveryOption() => Assert.All(
        typeof(SessionEventStoreOptions).GetProperties().Concat(typeof(SessionMigrationOptions).GetProperties()), option => Assert.Contains($"| `{option.Name}` |", Readme(), StringComparison.Ordinal));

    private static string Readme() => File.ReadAllText(InRepository("README.md")).ReplaceLineEndings("\n");

    private static string InRepository(string path) => Path.Combine(Repository.Root, path);
}
