using System.Text.Json;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Display;

/// <summary>Writes JSON to the standard output, for programs: names in camel case, times as RFC 3339. Everything but ASCII is escaped, so nothing in it acts on a terminal.</summary>
internal sealed class JsonOutput : IAsyncDisposable
{
    private readonly Stream _stream = new BufferedStream(StandardOutput.Open());

    /// <summary>Numbers under their names, as one object.</summary>
    public static string Counts(params (string Name, long Count)[] counts) => JsonSerializer.Serialize(counts.ToDictionary(static entry => entry.Name, static entry => entry.Count));

    /// <summary>Writes a value on a line of its own.</summary>
    public void WriteLine(Action<Utf8JsonWriter> value)
    {
        using (var writer = new Utf8JsonWriter(_stream))
        {
            value(writer);
        }

        _stream.WriteByte((byte)'\n');
    }

    /// <summary>Lets a reader see what was written.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => _stream.FlushAsync(cancellationToken);

    /// <summary>Writes a value that comes bit by bit, on a line of its own.</summary>
    public async Task WriteLineAsync(Func<Utf8JsonWriter, Task> value)
    {
        await using (var writer = new Utf8JsonWriter(_stream))
        {
            await value(writer);
        }

        _stream.WriteByte((byte)'\n');
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
