namespace Shadowcat.Sessions.Mcp.Tests.House;

/// <summary>The rules of the house for this package.</summary>
public sealed class HouseRulesTests
{
    private static readonly Type[] PublicTypes = typeof(SessionRecorder).Assembly.GetExportedTypes();

    [Fact]
    public void PublicTypes_AreNotMadeToDeriveFrom()
    {
        Assert.True(PublicTypes.Length >= 12);
        Assert.All(PublicTypes, type => Assert.True(type.IsSealed || type.IsAbstract || type.IsEnum, $"{type} is neither sealed nor abstract."));
    }

    [Fact]
    public void PublicTypes_LiveInTheRootNamespace()
    {
        Assert.All(PublicTypes, type => Assert.Equal(
            type.Name.Contains("Builder", StringComparison.Ordinal) ? "Microsoft.Extensions.DependencyInjection" : "Shadowcat.Sessions.Mcp", type.Namespace));
    }
}
