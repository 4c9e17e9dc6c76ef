using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Shadowcat.Sessions;

/// <summary>Puts encryption around the registered store.</summary>
internal sealed class ProtectingDecorator(
    IOptions<ProtectedSessionStoreOptions> options,
    IDataProtectionProvider? provider = null,
    ILogger<ProtectedSessionStore>? logger = null,
    IMeterFactory? meterFactory = null) : ISessionStoreDecorator
{
    public StoreLayer Layer => StoreLayer.Encryption;

    public ISessionStore Decorate(ISessionStore inner) => new ProtectedSessionStore(
        inner,
        provider ?? throw new InvalidOperationException("Sessions are to be encrypted, but no Data Protection is registered: add services.AddDataProtection(), with keys that outlive the process."),
        options.Value,
        logger,
        meterFactory);
}
