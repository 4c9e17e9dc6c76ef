using System.CommandLine;
using System.Globalization;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Proxying;
using Shadowcat.Sessions.Recorder.Proxying.Http;
using Shadowcat.Sessions.Recorder.Recording;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>record -- command args…</c>: runs a server behind the proxy and writes down what is said; <c>record --http endpoint</c>: stands before one that runs.</summary>
internal static class RecordCommand
{
    /// <summary>What a shell answers where there is no such command.</summary>
    private const int CannotStart = 127;

    private static readonly Uri AnyPort = new("http://127.0.0.1:0");

    public static Command Create()
    {
        var tags = new Option<string[]>("--tag") { Description = "A label to find the session by; may be given several times." };
        var timeToLive = new Option<TimeSpan>("--ttl")
        {
            Description = "How long the record is kept after its last message, as d.hh:mm:ss.",
            DefaultValueFactory = _ => TimeSpan.FromDays(7),
            HelpName = "time",
            CustomParser = result =>
            {
                if (TimeSpan.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero)
                {
                    return time;
                }

                result.AddError($"'--ttl' takes a time as d.hh:mm:ss, such as 7.00:00:00; '{result.Tokens[0].Value}' is none.");
                return default;
            },
        };
        var maxMessage = new Option<int?>("--max-message")
        {
            Description = "How large a message is kept whole, 1 to 67108864 bytes; 4194304 where it is left out. Of a larger one the beginning is kept, and all of it is passed on.",
            HelpName = "bytes",
            CustomParser = result =>
            {
                if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) && bytes is > 0 and <= StdioProxy.MaxLineBytes)
                {
                    return bytes;
                }

                result.AddError($"'--max-message' takes 1 to {StdioProxy.MaxLineBytes} bytes; '{result.Tokens[0].Value}' is not among them.");
                return null;
            },
        };
        var server = new Argument<string[]>("command")
        {
            Description = "The server and its arguments, after '--'; they are passed on untouched.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var http = HttpOption.Create("--http", "The endpoint of a server of Streamable HTTP, in the place of a command.", "http", "https");
        var listen = HttpOption.Create("--listen", "Where clients of --http find the recorder, http://127.0.0.1 and a free port where it is left out; the path is that of the server.", "http");
        var hosts = new Option<string[]>("--allow-host")
        {
            Description = "A further name by which clients of --http may call the recorder, or from which their web pages may come; may be given several times. Those of this machine always may.",
            HelpName = "name",
        };
        var command = new Command("record", "Stand in front of an MCP server and record what is said.") { tags, timeToLive, maxMessage, http, listen, hosts, server };
        command.Validators.Add(result =>
        {
            if (result.GetResult(http) is null == result.GetResult(server) is not { Tokens.Count: > 0 })
            {
                result.AddError("Give either a command after '--', or --http with the address of a server.");
            }
        });
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("record --tag files -- npx @modelcontextprotocol/server-filesystem .", "before a server that a client starts"),
            ("record --http http://localhost:3001/mcp --listen http://localhost:4000", "before a server that runs, for clients of http://localhost:4000/mcp"));
        command.SetAction(async (parse, stop) =>
        {
            var labels = SessionTags.Create([.. parse.GetValue(tags)!.Select(tag => new SessionTag(tag))]);
            var lifetime = parse.GetValue(timeToLive);
            var (where, most) = (location(parse), parse.GetValue(maxMessage));
            await using var connection = StoreConnection.Open(where, most);

            // No server does it in a file.
            var reaping = where.File is null ? Task.CompletedTask : ReapAsync(connection.Store, stop);
            try
            {
                return parse.GetValue(http) is { } upstream
                    ? await RunAsync(connection, upstream, parse.GetValue(listen) ?? AnyPort, parse.GetValue(hosts)!, Describe, stop)
                    : await RunAsync(connection, Describe(TransportType.Stdio, SessionBoundary.Connection), parse.GetValue(server)!, stop);
            }
            finally
            {
                await reaping;
            }

            // By the clock of its frames: the store sees the session later than the first of them was seen.
            Session Describe(TransportType transport, SessionBoundary boundary) => new(SessionId.New(), transport)
            {
                Boundary = boundary,
                CreatedAt = TimeProvider.System.GetUtcNow(),
                Tags = labels,
                TimeToLive = lifetime,
            };
        });
        return command;
    }

    private static async Task ReapAsync(ISessionStore store, CancellationToken stop)
    {
        try
        {
            await store.ReapExpiredSessionsAsync(stop);
        }
        catch (SessionStoreException exception)
        {
            await StandardError.Writer.WriteLineAsync($"shadowcat: what has expired is not removed: {SafeText.OfLines(exception.Message)}");
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The next recording does it.
        }
    }

    private static async Task<int> RunAsync(
        StoreConnection connection, Uri upstream, Uri listen, string[] hosts, Func<TransportType, SessionBoundary, Session> describe, CancellationToken stop)
    {
        await using var recorder = new SessionRecorder(
            connection.Store, Options(connection.Limits), new DiagnosticLogger(StandardError.Writer), TimeProvider.System);
        var sessions = new HttpSessions(
            recorder, (transport, boundary, client) => describe(transport, boundary) with { CorrelationKey = client }, TimeProvider.System);
        await HttpProxy.RunAsync(upstream, listen, hosts, sessions, StandardError.Writer, endpoint => StandardError.Writer.WriteLine($"shadowcat: listening at {endpoint}"), stop);
        sessions.EndDead();
        return 0;
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
            await StandardError.Writer.WriteLineAsync($"shadowcat: {SafeText.OfLines(exception.Message)}");
            return CannotStart;
        }

        using (server)
        {
            await using var recorder = new SessionRecorder(
                connection.Store, Options(connection.Limits), new DiagnosticLogger(StandardError.Writer), TimeProvider.System);
            var recording = recorder.Begin(session);
            var lines = new LineRecording(recording);
            var proxy = new StdioProxy(StandardInput.Open(), StandardOutput.Open(), TimeProvider.System, lines.Observe, lines.ObserveBreak);
            var end = await proxy.RunAsync(server, stop);
            lines.ObserveEnd(end);
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
            { WasStopped: true } => $"the recorder was stopped; {exit}",
            { WasClientFirst: true } => $"the client closed its end; {exit}",
            _ => exit,
        };
    }
}
