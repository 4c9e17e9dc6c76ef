using System.CommandLine;
using Recorder.Proxying;
using Recorder.Recording;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Mcp;

namespace Recorder.Commands;

/// <summary><c>record -- command args…</c>: runs a server behind the proxy and writes down what is said.</summary>
internal static class RecordCommand
{
    /// <summary>What a shell answers where there is no such command.</summary>
    private const int CannotStart = 127;

    public static Command Create()
    {
        var tags = new Option<string[]>("--tag") { Description = "A label to find the session by; may be given several times." };
        var timeToLive = new Option<TimeSpan>("--ttl")
        {
            Description = "How long the record is kept after its last message, as d.hh:mm:ss.",
            DefaultValueFactory = _ => TimeSpan.FromDays(7),
        };
        var server = new Argument<string[]>("command")
        {
            Description = "The server and its arguments, after '--'; they are passed on untouched.",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("record", "Stand in front of an MCP server of the stdio transport and record what is said.")
        {
            tags, timeToLive, server,
        };
        var redis = RedisOption.AddTo(command);
        command.SetAction(async (parse, stop) =>
        {
            var session = new Session(SessionId.New(), TransportType.Stdio)
            {
                Boundary = SessionBoundary.Connection,
                // By the clock of its frames: the store sees the session later than the first of them was seen.
                CreatedAt = TimeProvider.System.GetUtcNow(),
                Tags = [.. parse.GetValue(tags)!.Select(tag => new SessionTag(tag))],
                TimeToLive = parse.GetValue(timeToLive),
            };
            await using var connection = StoreConnection.Open(redis(parse));
            return await RunAsync(connection, session, parse.GetValue(server)!, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(StoreConnection connection, Session session, string[] command, CancellationToken stop)
    {
        ChildProcess server;
        try
        {
            server = ChildProcess.Start(command[0], command[1..]);
        }
        catch (ProxyException exception)
        {
            await Console.Error.WriteLineAsync($"recorder: {exception.Message}");
            return CannotStart;
        }

        using (server)
        {
            await using var recorder = new SessionRecorder(
                connection.Store, Options(connection.Limits), TimeProvider.System, new DiagnosticLogger(Console.Error));
            var recording = recorder.Begin(session);
            var proxy = new StdioProxy(Console.OpenStandardInput(), StandardOutput.Open(), TimeProvider.System, recording.Observe);
            var end = await proxy.RunAsync(server, stop);
            recording.Close(Status(end), Reason(end));
            return end.ExitCode;
        }
    }

    /// <summary>What went over the wire is kept as it was, secrets and all; and much of it, for a proxy has nothing else to hold.</summary>
    private static SessionRecordingOptions Options(SessionStoreOptions limits) => new()
    {
        MaxQueuedMessages = 100_000,
        MaxQueuedBytes = 256L * 1024 * 1024,
        MaxFrameBytes = limits.MaxFrameBytes,
        Redactors = [],
    };

    private static SessionStatus Status(ProxyEnd end) =>
        end.ExitCode == 0 || end.WasStopped ? SessionStatus.Completed : SessionStatus.Failed;

    private static string Reason(ProxyEnd end)
    {
        var exit = $"the server exited with {end.ExitCode}";
        return end switch
        {
            { WasStopped: true } => $"the recorder was told to stop; {exit}",
            { WasClientFirst: true } => $"the client closed its end; {exit}",
            _ => exit,
        };
    }
}
