using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.DependencyInjection;

namespace Shadowcat.Sessions.Tests.Protection;

/// <summary>Data Protection whose keys are in memory, as several replicas would share them.</summary>
internal sealed class KeyRing : IXmlRepository
{
    private readonly List<XElement> _keys = [];

    /// <summary>Data Protection of one more replica: the same keys, read anew.</summary>
    public IDataProtectionProvider Open() => Services().GetRequiredService<IDataProtectionProvider>();

    /// <summary>Puts a new key into the ring, which is written with from now on by who reads the ring anew.</summary>
    public void Rotate()
    {
        // The key that was activated last is the one to write with.
        Services().GetRequiredService<IKeyManager>().CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90));
    }

    /// <summary>Loses the oldest key.</summary>
    public void LoseOldest() => _keys.RemoveAt(0);

    public IReadOnlyCollection<XElement> GetAllElements() => [.. _keys];

    public void StoreElement(XElement element, string friendlyName) => _keys.Add(element);

    private ServiceProvider Services()
    {
        var services = new ServiceCollection();
        services.AddDataProtection().SetApplicationName("shadowcat").AddKeyManagementOptions(options => options.XmlRepository = this);
        return services.BuildServiceProvider();
    }
}
