using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Shadowcat.Sessions.Aot.Stores;

namespace Shadowcat.Sessions.Aot.Authoring;

/// <summary>What is there for whoever writes a store, beside what <see cref="FileStore.FileSessionStore"/> calls of it.</summary>
internal static class AuthorCalls
{
    public static async Task MakeAsync()
    {
        Rules();
        Lifetimes();
        Descriptions();
        Listings();
        Health();
        Changes();
        await ListenersAsync();
        await TelemetryAsync();
        BufferedFrames.Make();
    }

    private static void Rules()
    {
        var id = new SessionId("a");
        InputRules.Id(id);
        InputRules.Ids([id]);
        InputRules.Create(Samples.Session(), firstSequence: 0);
        InputRules.Update(Samples.Session() with { Version = 1 });
        InputRules.Frame(Samples.Frame(id), new SessionStoreOptions());
        InputRules.Frames(id, [Samples.Frame(id)], new SessionStoreOptions());
        InputRules.PageSize(1);
        InputRules.BeforeSequence(0);
        Check.Equal("text", StorableText.Of("text"));
        Check.Equal("sha256:" + StorableText.HashOf(""), StorableText.Of(""));
    }

    private static void Lifetimes()
    {
        var (options, now) = (new SessionStoreOptions(), Samples.Time);
        var begun = SessionLifetime.Begin(Samples.Session(), firstSequence: 2, now, options);
        Check.That(begun is { Version: 1, FrameCount: 2 } && begun.ExpiresAt > now);
        Check.Equal(2L, SessionLifetime.Update(begun, StoredSessionPart.Of(begun), now, options).Version);
        Check.That(SessionLifetime.Deadline(begun.ExpiresAt, now, now, TimeSpan.FromMinutes(1), maxLifetime: null) == begun.ExpiresAt);
        Check.That(SessionLifetime.Step(TimeSpan.FromHours(1)) > TimeSpan.Zero);
        Check.That(SessionStoreOptionsValidator.Instance.Validate(name: null, options).Succeeded && !new SessionStoreOptionsValidator().Validate(name: null, new SessionStoreOptions { TimeToLive = TimeSpan.Zero }).Succeeded);
    }

    private static void Descriptions()
    {
        var session = SessionLifetime.Begin(Samples.Session(), firstSequence: 0, Samples.Time, new SessionStoreOptions());
        Check.That(SessionDescription.TryRead(SessionDescription.Write(session), out var description, out var error) && error is null && !description.IsClosed);
        Check.Equal(session, description.ToSession(session.Id, session.Generation, StoredSessionPart.Of(session)));
    }

    private static void Listings()
    {
        var (older, newer) = (new SessionPlace(1, new SessionId("a")), SessionPlace.Of(Samples.Session() with { CreatedAt = Samples.Time }));
        Check.That(older < newer && older <= newer && newer > older && newer >= older && older.CompareTo(newer) < 0);
        Check.Equal(older, PageToken.Parse(new PageToken(SessionOrder.OldestFirst, older).ToString(), SessionOrder.OldestFirst)!.After);
        Check.Equal(Samples.Time.ToUnixTimeMilliseconds(), CreationRange.Of(new SessionFilter { CreatedSince = Samples.Time }).Since);
        var page = SessionPage.Take([Samples.Session() with { CreatedAt = Samples.Time }], filter: null, pageSize: 1, continuationToken: null);
        Check.Equal(page.Sessions.Count, new SessionPage(page.Sessions, continuationToken: null).Sessions.Count);
    }

    private static void Health()
    {
        var failed = SessionStoreHealth.Healthy.With(HealthFacts.Store, "own").With(HealthStatus.Degraded, "slow").Failed("away", isOutage: true);
        Check.That(failed is { Status: HealthStatus.Unhealthy, Problems: ["slow", "away"] } && failed.NoWorseThan(HealthStatus.Degraded).Status == HealthStatus.Degraded);
        Check.Equal("Unhealthy: slow away", failed.ToString());
        Check.Equal(1.5, HealthFacts.Milliseconds(TimeSpan.FromMilliseconds(1.5)));
        Check.Equal("no answer within 2 s.", HealthFacts.Describe(new OperationCanceledException(), TimeSpan.FromSeconds(2)));
    }

    private static void Changes()
    {
        var (listeners, listener) = (new SessionChangeListeners(), new Listener());
        using (listeners.Add(listener))
        {
            listeners.NotifySubscribed();
            listeners.NotifyInterrupted();
            listeners.Notify(new SessionActivity(new SessionId("a"), frameCount: 1));
            listeners.Notify(SessionChange.Gone(new SessionId("a")));
            listeners.Notify(new SessionChange(new SessionId("b"), Guid.NewGuid(), 1));
            Check.That(listener.Changed.TryRead(out var first) && first.Value == "a" && !listeners.IsEmpty && listener is { Activities: 1, Interruptions: 1 });
        }

        Check.That(listeners.IsEmpty);
    }

    private static async Task ListenersAsync()
    {
        var expired = new ExpiredIds();
        var listeners = new SessionExpirationListeners([expired], NullLogger.Instance);
        await listeners.NotifyAsync([new SessionId("a")], CancellationToken.None);
        Check.That(!listeners.IsEmpty);
        Check.Same(["a"], expired.Ids.Select(static id => id.Value));
    }

    private static async Task TelemetryAsync()
    {
        var measured = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = static (instrument, all) => _ = instrument.Meter.Name == SessionTelemetry.MeterName && Enable(instrument, all) };
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => measured.Add(instrument.Name));
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) => measured.Add(instrument.Name));
        listener.Start();

        var address = new StoreAddress("own") { Host = "host", Port = 1, Database = "db" };
        Check.Equal("host:1", address.EndPoint);
        var telemetry = new StoreTelemetry(address);
        Check.Equal(7, await telemetry.MeasureAsync(Operations.GetSession, static () => ValueTask.FromResult(7)));
        telemetry.Begin(Operations.GetSession).End(new IOException());
        Check.Equal(8, await telemetry.Begin(Operations.GetSession).EndAsync(ValueTask.FromResult(8)));
        telemetry.CountAppendedFrames(1);
        telemetry.CountReapedSessions(1);
        new UnreadableSessions(NullLogger.Instance).PassOver(new SessionSerializationException(Operations.GetSession, sessionId: null, "unreadable"));
        using var meter = new Meter(SessionTelemetry.MeterName);
        Check.Equal(0, SessionTelemetry.StoreTagsOf(meter).Length);
        Check.That(telemetry is { IsEnabled: true, CountsAppendedFrames: true });
        Check.Equal(6, measured.Count);
    }

    private static bool Enable(Instrument instrument, MeterListener listener)
    {
        listener.EnableMeasurementEvents(instrument);
        return true;
    }
}
