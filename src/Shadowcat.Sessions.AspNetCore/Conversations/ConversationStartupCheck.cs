using Microsoft.Extensions.Hosting;
using Shadowcat.Sessions.Mcp;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>Checks when the host starts that conversation ids are used to correlate messages.</summary>
internal sealed class ConversationStartupCheck : IHostedService
{
    /// <exception cref="InvalidOperationException">Another correlator is registered after that of the conversation ids, and would replace it.</exception>
    public ConversationStartupCheck(ISessionCorrelator correlator)
    {
        ArgumentNullException.ThrowIfNull(correlator);
        if (correlator is not ConversationCorrelator)
        {
            throw new InvalidOperationException(
                $"WithConversationIds registers an {nameof(ISessionCorrelator)} of its own, but {correlator.GetType().Name} is registered after it. Remove one of them.");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
