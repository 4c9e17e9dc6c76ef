using Shadowcat.Sessions.Recorder.Display;
using Shadowcat.Sessions.Recorder.Starting;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;
using Spectre.Console;

namespace Shadowcat.Sessions.Recorder.Demo;

/// <summary>Lets a real client and a real server talk through the recorder, and shows what the store holds afterwards.</summary>
internal static class Demonstration
{
    /// <summary>The newest revision with a handshake; the one after it has none.</summary>
    private const string LastWithHandshake = "2025-11-25";

    /// <param name="location">Where the record is kept, beside what is there.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task RunAsync(StoreLocation location, CancellationToken cancellationToken)
    {
        // The store may hold other records; this label marks those of this run.
        var tag = $"demo-{Guid.NewGuid():N}"[..13];
        await DemoClient.TalkAsync(location, tag, version: null, cancellationToken);
        await DemoClient.TalkAsync(location, tag, LastWithHandshake, cancellationToken);

        await using var connection = StoreConnection.Open(location);
        await ShowAsync(connection.Store, tag, location, cancellationToken);
    }

    private static async Task ShowAsync(ISessionStore store, string tag, StoreLocation location, CancellationToken cancellationToken)
    {
        var sessions = await store.ListSessionsAsync(new SessionFilter { Tags = [tag] }, cancellationToken).ToListAsync(cancellationToken);
        var screen = Screen.Open();
        screen.WriteLine($"An MCP client and an MCP server of the C# SDK talked through the recorder; the record is in {location}.");
        screen.WriteLine();
        screen.Write(SessionTable.Of(sessions, screen.Profile.Width));
        long frames = 0;
        foreach (var session in sessions)
        {
            screen.WriteLine();
            var kept = store.GetFramesAsync(session.Id, cancellationToken: cancellationToken);
            screen.Write(await FrameTable.OfAsync(kept, screen.Profile.Width, $"Frames of {session.Id}"));
            frames += await store.CountFramesAsync(session.Id, cancellationToken);
        }

        screen.WriteLine();
        screen.WriteLine($"{await store.CountSessionsAsync(cancellationToken)} sessions are in {location}");
        var option = StoreOf(location);
        screen.WriteLine($"see all of them:  {OwnExecutable.InWords} list{option}");
        screen.WriteLine($"see one of them:  {OwnExecutable.InWords} show {sessions.Select(session => session.Id.Value).FirstOrDefault("<session>")}{option}");
        screen.WriteLine($"in the browser:   {OwnExecutable.InWords} inspect{option}");
        screen.WriteLine($"recorded {frames} frames in {sessions.Count} sessions");
    }

    /// <summary>What names the store to other commands, where they would not find it by themselves. A connection may hold a password.</summary>
    private static string StoreOf(StoreLocation location) => location.File is not { } file ? " --redis <connection>"
        : file == StoreLocation.FileOfUser || EnvironmentVariable.Get(StoreLocation.FileVariable) is not null ? ""
        : $" --store '{file}'";
}
