using System.Collections.Concurrent;
using System.Globalization;

namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>Stores that break what is promised of listing and counting sessions.</summary>
internal static class BrokenListings
{
    public static IReadOnlyDictionary<string, BrokenPromise> All { get; } = new Dictionary<string, BrokenPromise>(StringComparer.Ordinal)
    {
        ["counts places, so that it skips what follows a deleted session"] = new("ListOrder", static store => new Pages(store, PageByNumber)),
        ["lists the last session of a page once more"] = new("ListSessions", static store => new Pages(store, Overlapping())),
        ["loses the last session of a page"] = new("ListSessions", static store => new Pages(store, static async (inner, filter, size, token) =>
            await inner.ListSessionPageAsync(filter, size, token) is { ContinuationToken: not null, Sessions.Count: > 1 } page ? page with { Sessions = [.. page.Sessions.SkipLast(1)] } : await inner.ListSessionPageAsync(filter, size, token))),
        ["gives longer pages than asked for"] = new("ListSessions", static store => new Pages(store, static (inner, filter, size, token) => inner.ListSessionPageAsync(filter, Math.Min(1000, size + 1), token))),
        ["takes a token of another order"] = new("ListSessions", static store => new Pages(store, AnyToken)),
        ["takes any size of a page"] = new("ListSessions", static store => new Pages(store, static (inner, filter, size, token) => inner.ListSessionPageAsync(filter, Math.Clamp(size, 1, 1000), token))),
        ["lists by id"] = new("ListOrder", static store => new Lists(store, static sessions => sessions.OrderBy(static session => session.Id.Value, StringComparer.Ordinal))),
        ["lists the oldest first, whatever was asked"] = new("ListOrder", static store => new Pages(store, static (inner, filter, size, token) => inner.ListSessionPageAsync(filter is null ? null : filter with { Order = SessionOrder.OldestFirst }, size, token))),
        ["passes the owner over in a filter"] = new("FilterSessions", static store => new Pages(store, static (inner, filter, size, token) => inner.ListSessionPageAsync(filter is null ? null : filter with { Owner = null }, size, token))),
        ["lists any of the tags instead of all"] = new("FilterSessions", static store => new Pages(store, static (inner, filter, size, token) =>
            inner.ListSessionPageAsync(filter is { Tags.Count: > 1 } ? filter with { Tags = [filter.Tags.First()] } : filter, size, token))),
        ["lists what was created at the end of a range"] = new("ListOrder", static store => new Pages(store, static (inner, filter, size, token) =>
            inner.ListSessionPageAsync(filter is { CreatedBefore: { } before } && before < DateTimeOffset.MaxValue.AddDays(-1) ? filter with { CreatedBefore = before.AddMilliseconds(1) } : filter, size, token))),
        ["reads everything before it lists"] = new("Cancellation", static store => new ReadsAll(store)),
        ["counts no more than a page"] = new("CountSessions", static store => new Counts(store, static count => Math.Min(count, 1000))),
        ["counts what was deleted"] = new("CountSessions", static store => new CountsDeleted(store)),
        ["counts what expired"] = new("Expiry", static store => new CountsCreated(store)),
    };

    private static async ValueTask<SessionPage> PageByNumber(ISessionStore inner, SessionFilter? filter, int size, string? token)
    {
        if (size is < 1 or > 1000)
        {
            return await inner.ListSessionPageAsync(filter, size, token);
        }

        var from = int.Parse(token ?? "0", CultureInfo.InvariantCulture);
        var sessions = await inner.ListSessionsAsync(filter).Skip(from).Take(size).ToListAsync();
        return new SessionPage(sessions, sessions.Count < size ? null : (from + size).ToString(CultureInfo.InvariantCulture));
    }

    private static Func<ISessionStore, SessionFilter?, int, string?, ValueTask<SessionPage>> Overlapping()
    {
        var last = new ConcurrentDictionary<string, Session>(StringComparer.Ordinal);
        return async (inner, filter, size, token) =>
        {
            var page = await inner.ListSessionPageAsync(filter, size, token);
            if (page is { ContinuationToken: { } next, Sessions.Count: > 0 })
            {
                last[next] = page.Sessions[^1];
            }

            return token is not null && size > 1 && last.TryGetValue(token, out var again) ? page with { Sessions = [again, .. page.Sessions.Take(size - 1)] } : page;
        };
    }

    private static async ValueTask<SessionPage> AnyToken(ISessionStore inner, SessionFilter? filter, int size, string? token)
    {
        try
        {
            return await inner.ListSessionPageAsync(filter, size, token);
        }
        catch (ArgumentException) when (token is not null)
        {
            return await inner.ListSessionPageAsync(filter, size);
        }
    }

    private sealed class Pages(ISessionStore inner, Func<ISessionStore, SessionFilter?, int, string?, ValueTask<SessionPage>> page) : DelegatingSessionStore(inner)
    {
        public override ValueTask<SessionPage> ListSessionPageAsync(SessionFilter? filter = null, int pageSize = 100, string? continuationToken = null, CancellationToken cancellationToken = default) =>
            page(InnerStore, filter, pageSize, continuationToken);

        public override IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
            StoreDefaults.ListSessionsAsync((size, token, cancellation) => ListSessionPageAsync(filter, size, token, cancellation), cancellationToken);
    }

    private sealed class Lists(ISessionStore inner, Func<IAsyncEnumerable<Session>, IAsyncEnumerable<Session>> list) : DelegatingSessionStore(inner)
    {
        public override IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) => list(base.ListSessionsAsync(filter, cancellationToken));
    }

    private sealed class ReadsAll(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override IAsyncEnumerable<Session> ListSessionsAsync(SessionFilter? filter = null, CancellationToken cancellationToken = default) =>
            base.ListSessionsAsync(filter, cancellationToken).OrderBy(static session => session.CreatedAt).ThenBy(static session => session.Id.Value, StringComparer.Ordinal);
    }

    private sealed class Counts(ISessionStore inner, Func<long, long> edit) : DelegatingSessionStore(inner)
    {
        public override async ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) => edit(await base.CountSessionsAsync(cancellationToken));
    }

    private sealed class CountsDeleted(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private long _deleted;

        public override async ValueTask<bool> DeleteSessionAsync(SessionId id, CancellationToken cancellationToken = default)
        {
            var isDeleted = await base.DeleteSessionAsync(id, cancellationToken);
            Interlocked.Add(ref _deleted, isDeleted ? 1 : 0);
            return isDeleted;
        }

        public override async ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) => await base.CountSessionsAsync(cancellationToken) + Interlocked.Read(ref _deleted);
    }

    private sealed class CountsCreated(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        private long _created;

        public override async ValueTask<Session> CreateSessionAsync(Session session, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _created);
            return await base.CreateSessionAsync(session, cancellationToken);
        }

        public override ValueTask<long> CountSessionsAsync(CancellationToken cancellationToken = default) => new(Interlocked.Read(ref _created));
    }
}
