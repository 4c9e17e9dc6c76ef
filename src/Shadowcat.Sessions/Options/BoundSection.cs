using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Configuration;

namespace Shadowcat.Sessions;

/// <summary>A part of a store's section that some options are bound from.</summary>
/// <param name="Name">Which part; empty for the section itself.</param>
/// <param name="Bind">Binds it to options that nobody uses.</param>
internal sealed record BoundSection(string Name, Action<IConfiguration> Bind)
{
    /// <summary>What binding and checking need of the type of options.</summary>
    public const DynamicallyAccessedMemberTypes Members = DynamicallyAccessedMemberTypes.PublicParameterlessConstructor | DynamicallyAccessedMemberTypes.PublicProperties;

    public static BoundSection Of<TOptions>(string name, Action<IConfiguration, TOptions> bind)
        where TOptions : class, new() => new(name, section => bind(section, new TOptions()));

    /// <summary>The part of a store's section.</summary>
    public static IConfiguration In(IConfiguration section, string name) => name.Length == 0 ? section : section.GetSection(name);
}
