using System.Collections.Immutable;

namespace Shadowcat.Sessions.Inspector;

/// <summary>Listens to a store once for all pages that show its list: what an append costs is the same, however many of them are open.</summary>
internal sealed class SharedChanges(TimeProvider time)
{
    /// <summary>What changes within this time is told together.</summary>
    private static readonly TimeSpan CollectTime = TimeSpan.FromMilliseconds(100);

    /// <summary>How long pages are left alone after that: each reads its list anew when it is told something.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(900);

    private readonly Lock _lock = new();
    private ImmutableArray<ChangeSet> _pages = [];

    /// <summary>Ends the listening; null while no page is open.</summary>
    private Action? _stop;

    /// <summary>Adds a page, whose set gets what changes until it leaves.</summary>
    /// <returns>Lets it leave when it is disposed of.</returns>
    public IDisposable Join(ISessionChanges changes, ChangeSet page)
    {
        lock (_lock)
        {
            if (_stop is null)
            {
                var changed = new ChangeSet();
                var subscription = changes.Subscribe(changed);
                var stopping = new CancellationTokenSource();
                _stop = stopping.Cancel;
                _ = RunAsync(changed, subscription, stopping);
            }

            _pages = _pages.Add(page);
        }

        // What changed before may have gone unnoticed.
        page.Add([], isIncomplete: true);
        return new Membership(this, page);
    }

    private void Leave(ChangeSet page)
    {
        lock (_lock)
        {
            _pages = _pages.Remove(page);
            if (_pages.IsEmpty)
            {
                _stop?.Invoke();
                _stop = null;
            }
        }
    }

    private async Task RunAsync(ChangeSet changed, IDisposable subscription, CancellationTokenSource stopping)
    {
        using (stopping)
        using (subscription)
        {
            var stop = stopping.Token;
            try
            {
                while (await changed.WaitAsync(stop).ConfigureAwait(false))
                {
                    await Task.Delay(CollectTime, time, stop).ConfigureAwait(false);
                    var (ids, isIncomplete) = changed.Take();
                    foreach (var page in _pages)
                    {
                        page.Add(ids, isIncomplete);
                    }

                    await Task.Delay(Pause, time, stop).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // The last page has left.
            }
        }
    }

    private sealed class Membership(SharedChanges shared, ChangeSet page) : IDisposable
    {
        public void Dispose() => shared.Leave(page);
    }
}
