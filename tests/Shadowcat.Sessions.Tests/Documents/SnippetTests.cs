using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Tests.Documents;

/// <summary>What pages show is what is compiled, what binds, and what is there.</summary>
public sealed class SnippetTests
{
    private const int LinesOfTheFrontPage = 150;

    public static TheoryData<string> WithCode => [.. Document.All.Where(static page => page.Blocks("csharp").Any()).Select(static page => page.Path)];

    public static TheoryData<string> WithJson => [.. Document.All.Where(static page => page.Blocks("json").Any()).Select(static page => page.Path)];

    [Theory]
    [MemberData(nameof(WithCode))]
    public void Code_OfEachPage_IsCompiled(string path) =>
        Assert.All(Document.Read(path).Blocks("csharp"), block => Assert.True(CompiledCode.All.Contains(block), $"{path} shows code that no test or sample has between its marks:\n{block}"));

    [Fact]
    public void Code_OfTheFrontPage_IsAWholeProgram() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Repository.Root, "samples", "QuickStart", "Program.cs")).ReplaceLineEndings("\n"), Document.Read("README.md").Blocks("csharp").First());

    [Theory]
    [MemberData(nameof(WithJson))]
    public void Json_OfEachPage_IsJson(string path) => Assert.All(Document.Read(path).Blocks("json"), static block => JsonDocument.Parse(block).Dispose());

    [Theory]
    [MemberData(nameof(WithJson))]
    public void Configuration_OfEachPage_Binds(string path) => Assert.All(
        Document.Read(path).Blocks("json").Where(static block => block.Contains("\"Shadowcat\"", StringComparison.Ordinal) && !block.Contains("\"Aspire\"", StringComparison.Ordinal)), // the tests of the client integration bind its own
        static block =>
        {
            var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(block))).Build();
            var services = new ServiceCollection();
            services.AddDataProtection().UseEphemeralDataProtectionProvider();
            Examples.RegisterConfigured(services, configuration);
            using var provider = services.BuildServiceProvider();

            // A key that nothing binds is refused here.
            Assert.NotNull(provider.GetRequiredService<ISessionStore>());
        });

    [Fact]
    public void FrontPage_Lines_AreFew() => Assert.InRange(Document.Read("README.md").Text.TrimEnd().Split('\n').Length, 1, LinesOfTheFrontPage);

    [Fact]
    public void Pages_OfTheDocumentation_AreAllInItsIndex()
    {
        var index = Document.Read("docs/README.md").Text;

        Assert.All(
            Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Select(Path.GetFileName).Where(static name => name != "README.md"),
            name => Assert.Contains($"]({name})", index, StringComparison.Ordinal));
    }
}
