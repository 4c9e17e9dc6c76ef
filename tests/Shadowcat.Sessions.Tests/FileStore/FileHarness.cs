using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Shadowcat.Sessions.FileStore;

namespace Shadowcat.Sessions.Tests.FileStore;

/// <summary>One store of one's own, in a folder that no other test sees, whose clock the test moves.</summary>
internal sealed class FileHarness : IStoreHarness
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shadowcat-file-store-").FullName;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 5, 6, 7, 8, 9, 10, 11, TimeSpan.Zero));
    private FileSessionStore? _store;

    /// <summary>For the decorators around it; of the store itself it is known.</summary>
    public string NameOf(string operation) => operation switch
    {
        "AddFrame" => "AddFrames",
        "BorrowFrames" => "GetFrames",
        _ => operation,
    };

    public ValueTask<ISessionStore> CreateStoreAsync(SessionStoreOptions? options = null, IEnumerable<ISessionExpirationListener>? listeners = null) =>
        ValueTask.FromResult<ISessionStore>(_store ??= new FileSessionStore(_folder, options, listeners, _clock));

    public ValueTask<DateTimeOffset> NowAsync() => ValueTask.FromResult(_clock.GetUtcNow());

    public Task ElapseAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    /// <summary>A file that only says which sessions have ended belongs to none.</summary>
    public async ValueTask<IReadOnlyCollection<string>> LeftoversAsync()
    {
        var left = new List<string>();
        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            using var json = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            if (json.RootElement.GetProperty("Session").ValueKind != JsonValueKind.Null)
            {
                left.Add(file);
            }
        }

        return left;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
