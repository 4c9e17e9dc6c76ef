namespace Shadowcat.Sessions.AspNetCore.Tests.House;

/// <summary>The rules of the house for this package.</summary>
public sealed class HouseRulesTests
{
    private static readonly Type[] PublicTypes = typeof(SessionEventStoreOptions).Assembly.GetExportedTypes();

    [Fact]
    public void PublicTypes_AreNotMadeToDeriveFrom()
    {
        Assert.NotEmpty(PublicTypes);
        Assert.All(PublicTypes, type => Assert.True(type.IsSealed, $"{type} is not sealed."));
    }

    [Fact]
    public void PublicTypes_LiveInTheRootNamespace()
    {
        Assert.All(PublicTypes, type => Assert.Equal(
            type.Name.Contains("Builder", StringComparison.Ordinal) ? "Microsoft.Extensions.DependencyInjection" : "Shadowcat.Sessions.AspNetCore", type.Namespace));
    }
}
