namespace Shadowcat.Sessions.Redis;

/// <summary>The services of an application that has none.</summary>
internal sealed class NoServices : IServiceProvider
{
    public static NoServices Instance { get; } = new();

    public object? GetService(Type serviceType) => null;
}
