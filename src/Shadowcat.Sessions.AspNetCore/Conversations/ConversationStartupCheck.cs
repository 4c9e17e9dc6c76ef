using Microsoft.Extensions.Hosting;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Sees to it when the host starts that the ids which clients are given are asked for.</summary>
internal sealed class ConversationStartupCheck : IHostedService
{
    /// <exception cref="InvalidOperationException">Another correlator was registered behind the one of the ids, which would not be asked.</exception>
    public ConversationStartupCheck(ISessionCorrelator correlator)
    {
        ArgumentNullException.ThrowIfNull(correlator);
        if (correlator is not ConversationCorrelator)
        {
            throw new InvalidOperationException(
                $"WithConversationIds brings messages together by itself, but {correlator.GetType().Name} is registered as {nameof(ISessionCorrelator)} behind it. Leave out one of them.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
