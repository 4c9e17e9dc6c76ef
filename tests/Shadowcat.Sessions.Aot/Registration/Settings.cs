using Microsoft.Extensions.Configuration;

namespace Shadowcat.Sessions.Aot.Registration;

/// <summary>A section as appsettings.json has it.</summary>
internal static class Settings
{
    public static IConfigurationRoot Of(params (string Key, string Value)[] values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(static value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
}
