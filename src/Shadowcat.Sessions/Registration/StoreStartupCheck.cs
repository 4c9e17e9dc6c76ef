using Microsoft.Extensions.Hosting;

namespace Shadowcat.Sessions;

/// <summary>Checks a registered store when the host starts.</summary>
internal sealed class StoreStartupCheck(IServiceProvider provider, ISessionStore innermost, Func<IServiceProvider, ISessionStore, CancellationToken, Task> check) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => check(provider, innermost, cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
