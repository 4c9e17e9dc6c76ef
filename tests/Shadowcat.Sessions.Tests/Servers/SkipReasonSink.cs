using System.Collections.Concurrent;
using Xunit.Sdk;

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>Counts skipped tests by reason and prints the counts when the run is over.</summary>
internal sealed class SkipReasonSink(IMessageSink inner) : IMessageSink
{
    private readonly ConcurrentDictionary<string, int> _skipped = new(StringComparer.Ordinal);

    public bool OnMessage(IMessageSinkMessage message)
    {
        if (message is ITestSkipped skipped)
        {
            _skipped.AddOrUpdate(skipped.Reason, 1, (_, count) => count + 1);
        }
        else if (message is ITestAssemblyFinished)
        {
            foreach ((string reason, int count) in _skipped)
            {
                TestContext.Current.SendDiagnosticMessage("Skipped {0}: {1}", count, reason);
            }
        }

        return inner.OnMessage(message);
    }
}
