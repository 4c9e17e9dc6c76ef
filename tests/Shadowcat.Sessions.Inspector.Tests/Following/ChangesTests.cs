using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Inspector.Tests.Following;

/// <summary>Which sessions changed, for a list that is open.</summary>
public sealed class ChangesTests
{
    private readonly FakeTimeProvider _clock = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Changes_OfSessions_AreSentByTheirIds()
    {
        var store = new InMemorySessionStore();
        await using var application = await StartAsync(store);
        using var events = await EventReader.OpenAsync(application, "api/changes", _clock);
        await events.NextAsync();

        var recorded = await Recorded.BeginAsync(store);
        var created = await IdsAsync(events, recorded.Session.Id);
        await recorded.ClientAsync("{}");
        var appended = await IdsAsync(events, recorded.Session.Id);
        await store.DeleteSessionAsync(recorded.Session.Id, Ct);
        var deleted = await IdsAsync(events, recorded.Session.Id);

        Assert.All([created, appended, deleted], ids => Assert.Equal([recorded.Session.Id.Value], ids));
    }

    [Fact]
    public async Task Changes_ForManyPages_AreListenedToOnce()
    {
        var store = new CountingStore(new InMemorySessionStore());
        await using var application = await StartAsync(store);
        using (var one = await EventReader.OpenAsync(application, "api/changes", _clock))
        using (var other = await EventReader.OpenAsync(application, "api/changes", _clock))
        {
            await one.NextAsync();
            await other.NextAsync();
            var recorded = await Recorded.BeginAsync(store);

            Assert.Equal([recorded.Session.Id.Value], await IdsAsync(one, recorded.Session.Id));
            Assert.Equal([recorded.Session.Id.Value], await IdsAsync(other, recorded.Session.Id));
            Assert.Equal(1, store.Subscriptions);
        }

        using var later = await EventReader.OpenAsync(application, "api/changes", _clock);
        await later.NextAsync();
        var created = await Recorded.BeginAsync(store);
        Assert.Equal([created.Session.Id.Value], await IdsAsync(later, created.Session.Id));
    }

    [Fact]
    public async Task Changes_OfOthers_AreNotSentToAUserWhoSeesHisOwnAlone()
    {
        var store = new InMemorySessionStore();
        await using var application = await StartAsync(store, static options => options.OwnerOnly = true);
        using var events = await EventReader.OpenAsync(application, "api/changes", _clock, "alice");
        await events.NextAsync();

        var bobs = await Recorded.BeginAsync(store, Recorded.OwnedBy("bob"));
        await bobs.ClientAsync("{}");
        var own = await Recorded.BeginAsync(store, Recorded.OwnedBy("alice"));

        Assert.Equal([own.Session.Id.Value], await IdsAsync(events, own.Session.Id));
    }

    [Fact]
    public async Task Changes_OfAStoreThatCannotSay_AreNone()
    {
        await using var application = await StartAsync(new SilentStore(new InMemorySessionStore()));

        using var response = await application.SendAsync(HttpMethod.Get, "api/changes");
        var (_, info) = await application.GetAsync("api/info");

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.False(info.GetProperty("changes").GetBoolean());
    }

    [Fact]
    public void Collect_MoreThanFit_KnowsThatThereWereMore()
    {
        var changes = new ChangeSet();
        for (var number = 0; number < 600; number++)
        {
            changes.OnChanged(SessionChange.Gone(new SessionId($"s{number}")));
            changes.OnActivity(new SessionActivity(new SessionId("s0")));
        }

        var (ids, isIncomplete) = changes.Take();

        Assert.Equal((500, true), (ids.Count, isIncomplete));
        Assert.Equal((0, false), (changes.Take().Ids.Count, changes.Take().IsIncomplete));
    }

    private Task<InspectedApplication> StartAsync(ISessionStore store, Action<SessionInspectorOptions>? configure = null) =>
        InspectedApplication.StartAsync(store, configure, services => services.AddSingleton<TimeProvider>(_clock));

    private static async Task<IEnumerable<string?>> IdsAsync(EventReader events, SessionId id)
    {
        while (true)
        {
            var data = await events.NextAsync("sessions");
            var ids = data.GetProperty("ids").EnumerateArray().Select(static item => item.GetString()).ToList();
            if (ids.Contains(id.Value, StringComparer.Ordinal))
            {
                return ids;
            }

            Assert.Empty(ids);
        }
    }

    private sealed class CountingStore(ISessionStore inner) : DelegatingSessionStore(inner), ISessionChanges
    {
        private readonly ISessionChanges _changes = (ISessionChanges)inner;

        public int Subscriptions { get; private set; }

        public TimeProvider TimeProvider => _changes.TimeProvider;

        public long ReceivedUntil => _changes.ReceivedUntil;

        public IDisposable Subscribe(ISessionChangeListener listener)
        {
            Subscriptions++;
            return _changes.Subscribe(listener);
        }

        public long EarliestTimestampOf(DateTimeOffset moment) => _changes.EarliestTimestampOf(moment);

        public override object? GetService(Type serviceType) => serviceType == typeof(ISessionChanges) ? this : base.GetService(serviceType);
    }

    private sealed class SilentStore(ISessionStore inner) : DelegatingSessionStore(inner)
    {
        public override object? GetService(Type serviceType) => serviceType == typeof(ISessionChanges) ? null : base.GetService(serviceType);
    }
}
