using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Registers options together with what checks them.</summary>
internal static class CheckedOptions
{
    /// <summary>Adds options that are checked when the host starts.</summary>
    /// <param name="services">Where to add them.</param>
    /// <param name="validator">What checks them.</param>
    /// <param name="name">Which of several options of the type; null for those without a name.</param>
    public static OptionsBuilder<TOptions> AddChecked<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] TOptions>(
        this IServiceCollection services, IValidateOptions<TOptions> validator, string? name = null)
        where TOptions : class
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton(validator));
        return services.AddOptions<TOptions>(name).ValidateOnStart();
    }
}
