using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Shadowcat.Sessions.Tests.Sqlite;

/// <summary>Processes that write to one file and are killed at any moment: what they said was acknowledged is there once, and nothing is there twice.</summary>
public sealed class KilledWriterTests : SqliteStoreTest
{
    private const int Writers = 8;
    private const int FramesOfAWriter = 100_000;
    private const int AcknowledgedBeforeTheFirstKill = 40;

    [Fact]
    public async Task EightWriters_KilledAtRandom_LoseAndDoubleNothing()
    {
        var store = Store();
        var session = await CreatedAsync(store);
        var acknowledged = new ConcurrentDictionary<int, long>();
        var random = new Random(8);

        var writers = new List<Process>();
        try
        {
            await WriteAsync(session.Id, writers, acknowledged, random);
        }
        finally
        {
            // Whatever went wrong, none of them goes on writing.
            writers.ForEach(static writer => writer.Kill());
            writers.ForEach(static writer => writer.Dispose());
        }

        await AssertKeptAsync(store, session.Id, acknowledged);
    }

    /// <summary>Lets all processes write, and kills them one after the other.</summary>
    private async Task WriteAsync(SessionId id, List<Process> writers, ConcurrentDictionary<int, long> acknowledged, Random random)
    {
        var reading = new List<Task>();
        for (var number = 0; number < Writers; number++)
        {
            writers.Add(Start(id, number));
            reading.Add(ReadAsync(writers[number], acknowledged));
        }

        await Poll.UntilAsync(
            () => Task.FromResult(Enumerable.Range(0, Writers).All(writer => acknowledged.Keys.Count(number => number / FramesOfAWriter == writer) >= AcknowledgedBeforeTheFirstKill)),
            "every writer writes");
        foreach (var writer in writers)
        {
            await Task.Delay(random.Next(0, 40), Ct);
            writer.Kill();
        }

        await Task.WhenAll(reading);
    }

    private async Task AssertKeptAsync(ISessionStore store, SessionId id, ConcurrentDictionary<int, long> acknowledged)
    {
        var frames = await ReadAsync(store, id);
        Assert.Equal(Enumerable.Range(0, frames.Count).Select(sequence => (long)sequence), frames.Select(frame => frame.Sequence));
        var stored = frames.ToDictionary(Make.Number, frame => frame.Sequence);
        Assert.Equal(frames.Count, stored.Count);
        Assert.True(acknowledged.Count >= Writers * AcknowledgedBeforeTheFirstKill);
        Assert.All(acknowledged, frame => Assert.Equal(frame.Value, stored[frame.Key]));
        for (var writer = 0; writer < Writers; writer++)
        {
            var own = frames.Select(Make.Number).Where(number => number / FramesOfAWriter == writer).ToList();
            Assert.Equal(Enumerable.Range(writer * FramesOfAWriter, own.Count), own);
        }

        Assert.Equal(["ok"], File.Query("PRAGMA integrity_check"));
        Assert.Equal(frames.Count, await store.AddFrameAsync(Make.Frame(id), Ct));
    }

    /// <summary>Starts a process that appends frames of numbers of its own.</summary>
    private Process Start(SessionId id, int writer)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        string[] arguments =
        [
            System.IO.Path.Combine(AppContext.BaseDirectory, "Shadowcat.Sessions.SqliteWriter.dll"),
            File.Path,
            id.Value,
            (writer * FramesOfAWriter).ToString(CultureInfo.InvariantCulture),
            FramesOfAWriter.ToString(CultureInfo.InvariantCulture),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        return Process.Start(start)!;
    }

    /// <summary>Notes what a process says that it wrote, until it is killed. Its last line may be cut off.</summary>
    private static async Task ReadAsync(Process writer, ConcurrentDictionary<int, long> acknowledged)
    {
        var text = new System.Text.StringBuilder();
        var buffer = new char[4096];
        for (int read; (read = await writer.StandardOutput.ReadAsync(buffer, Ct)) > 0;)
        {
            text.Append(buffer, 0, read);
            var lines = text.ToString().Split('\n');
            text.Clear().Append(lines[^1]);
            foreach (var line in lines[..^1])
            {
                var parts = line.Trim().Split(' ');
                Assert.True(acknowledged.TryAdd(int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture)));
            }
        }

        await writer.WaitForExitAsync(Ct);
    }
}
