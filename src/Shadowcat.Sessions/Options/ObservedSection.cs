using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace Shadowcat.Sessions;

/// <summary>Shows a section to a binder and notes the keys whose values it asks for: what it never asks for, it does not bind.</summary>
/// <param name="inner">The section.</param>
/// <param name="path">Where it lies in the store's section; empty for that section itself.</param>
/// <param name="keys">Notes the keys, as paths in the store's section.</param>
internal sealed class ObservedSection(IConfiguration inner, string path, ObservedKeys keys) : IConfigurationSection
{
    public string Key => (inner as IConfigurationSection)?.Key ?? "";

    public string Path => (inner as IConfigurationSection)?.Path ?? "";

    public string? Value
    {
        get
        {
            keys.AddRead(path);
            return (inner as IConfigurationSection)?.Value;
        }
        set => throw new NotSupportedException();
    }

    public string? this[string key]
    {
        get
        {
            keys.AddRead(Within(key));
            return inner[key];
        }
        set => throw new NotSupportedException();
    }

    public IEnumerable<IConfigurationSection> GetChildren() => inner.GetChildren().Select(child => new ObservedSection(child, Within(child.Key), keys));

    public IConfigurationSection GetSection(string key)
    {
        keys.AddKnown(Within(key));
        return new ObservedSection(inner.GetSection(key), Within(key), keys);
    }

    public IChangeToken GetReloadToken() => inner.GetReloadToken();

    private string Within(string key) => path.Length == 0 ? key : ConfigurationPath.Combine(path, key);
}
