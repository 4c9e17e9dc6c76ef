using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Chaos.Schedules.Judging;

/// <summary>What is right: the in-memory store, which does one call after the other.</summary>
internal sealed class Model
{
    /// <summary>Longer than any session of a schedule lives.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly SessionStoreOptions _options = new();
    private readonly InMemorySessionStore _store;
    private readonly SessionId _id;

    private Model(SessionId id)
    {
        _store = new InMemorySessionStore(_options, timeProvider: _time);
        _id = id;
    }

    /// <summary>Makes a model that is where schedules begin.</summary>
    public static async Task<Model> StartAsync(SessionId id)
    {
        var model = new Model(id);
        foreach (var (_, call) in Prelude.Of(id))
        {
            await model.ApplyAsync(call);
        }

        return model;
    }

    /// <summary>Makes a call, and says how it ended.</summary>
    public Task<string> ApplyAsync(Call call)
    {
        // The in-memory store asks its options at each call, so one store can stand for the bounded ones too.
        _options.MaxFramesPerSession = Bounds.Of(call.Mutation);
        return call.RunAsync(_store);
    }

    public async Task ExpireAsync()
    {
        // Where nothing can expire, time does not go on: what is remembered of deletes is kept.
        if (await _store.GetSessionAsync(_id) is not null)
        {
            _time.Advance(Lifetime);
        }
    }

    public async Task<string> ViewAsync() => (await SessionView.ReadAsync(_store, _id)).Text;
}
