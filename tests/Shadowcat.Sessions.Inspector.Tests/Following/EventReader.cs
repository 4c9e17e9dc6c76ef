using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace Shadowcat.Sessions.Inspector.Tests.Following;

/// <summary>Reads server-sent events, while the clock of the server is moved on as long as none comes.</summary>
internal sealed class EventReader(HttpResponseMessage response, StreamReader lines, FakeTimeProvider? clock) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<EventReader> OpenAsync(InspectedApplication application, string path, FakeTimeProvider? clock = null, string? user = null, params (string Name, string Value)[] headers)
    {
        var response = await application.SendAsync(HttpMethod.Get, path, user, headers);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new EventReader(response, new StreamReader(await response.Content.ReadAsStreamAsync(Ct)), clock);
    }

    /// <summary>The next event; of the type that is null, a comment.</summary>
    public async Task<(string? Type, string? Id, JsonElement Data)> NextAsync()
    {
        (string? type, string? id, var data) = (null, null, default(JsonElement));
        while (await LineAsync() is { Length: > 0 } line)
        {
            type = line.StartsWith("event: ", StringComparison.Ordinal) ? line[7..] : type;
            id = line.StartsWith("id: ", StringComparison.Ordinal) ? line[4..] : id;
            data = line.StartsWith("data: ", StringComparison.Ordinal) ? JsonDocument.Parse(line[6..]).RootElement : data;
        }

        return (type, id, data);
    }

    /// <summary>The next event of a type; some others are passed over.</summary>
    public async Task<JsonElement> NextAsync(string type)
    {
        const int MaxOthers = 20;
        for (var others = 0; ; others++)
        {
            Assert.True(others < MaxOthers, $"No event '{type}' came.");
            var (found, _, data) = await NextAsync();
            if (found == type)
            {
                return data;
            }
        }
    }

    /// <summary>Frames until one of a sequence has come.</summary>
    public async Task<List<JsonElement>> FramesUntilAsync(long sequence)
    {
        var frames = new List<JsonElement>();
        while (frames.Count == 0 || frames[^1].GetProperty("s").GetInt64() < sequence)
        {
            frames.AddRange((await NextAsync("frames")).EnumerateArray());
        }

        return frames;
    }

    /// <summary>Whether the stream has ended.</summary>
    public async Task<bool> IsEndedAsync() => await LineAsync() is null;

    public void Dispose()
    {
        lines.Dispose();
        response.Dispose();
    }

    private async Task<string?> LineAsync()
    {
        var line = lines.ReadLineAsync(Ct).AsTask();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        deadline.CancelAfter(Deadline);
        while (!line.IsCompleted && clock is not null)
        {
            clock.Advance(Step);
            await Task.WhenAny(line, Task.Delay(5, deadline.Token));
            deadline.Token.ThrowIfCancellationRequested();
        }

        return await line.WaitAsync(deadline.Token);
    }
}
