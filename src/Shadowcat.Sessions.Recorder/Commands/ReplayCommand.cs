using System.CommandLine;
using System.Globalization;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Proxying;
using Shadowcat.Sessions.Recorder.Replaying;
using Shadowcat.Sessions.Recorder.Storing;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary><c>replay session</c>: the recording answers the client on the standard streams; with a server given, it is the client and lists what that one does otherwise.</summary>
internal static class ReplayCommand
{
    private const int Differs = 1;

    public static Command Create()
    {
        var session = SessionArgument.Create();
        var server = new Argument<string[]>("command")
        {
            Description = "A server of the stdio transport and its arguments, after '--': it is asked what the recorded client asked. Without it, the recording answers a client.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var http = HttpOption.Create("--http", "The address of a server of Streamable HTTP, in the place of a command.", "http", "https");
        var ignored = new Option<string[]>("--ignore") { Description = "A part of answers that may differ, such as result.content[*].text; may be given several times." };
        var from = new Option<long>("--from")
        {
            Description = "The frame to begin at, by the number that 'show' and the inspector say. Of what was said before it, the handshake alone is replayed.",
            HelpName = "frame",
            CustomParser = result =>
            {
                if (long.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence))
                {
                    return sequence;
                }

                result.AddError($"'--from' takes the number of a frame, such as 12; '{result.Tokens[0].Value}' is no such number.");
                return 0;
            },
        };
        var json = JsonOption.Create("of a server that is asked, one object with the differences in 'differences'");
        var command = new Command("replay", "Let a recorded session answer a client, or ask a server what it asked then.") { session, from, http, ignored, json, server };
        command.Validators.Add(result =>
        {
            if (result.GetResult(http) is not null && result.GetResult(server) is { Tokens.Count: > 0 })
            {
                result.AddError("Give either a command or --http.");
            }
        });
        var location = StoreOptions.AddTo(command);
        ExamplesInHelp.AddTo(
            command,
            ("replay 01a22e35946e70d9bc0e42e6f512b7fb", "answers a client on the standard streams, as the server did"),
            ("replay 01a22e35946e70d9bc0e42e6f512b7fb --ignore result.content[*].text -- npx server-everything", "asks a server, and lists what it answers otherwise"),
            ("replay 01a22e35946e70d9bc0e42e6f512b7fb --from 12 -- npx server-everything", "shakes hands, and asks what was asked from frame 12 on"));
        command.SetAction(async (parse, stop) =>
        {
            var (id, sequence) = (parse.GetValue(session), parse.GetValue(from));
            await using var connection = StoreConnection.Open(location(parse));
            await RequireFrameAsync(connection.Store, id, sequence, stop);
            IClientTransport? live = (parse.GetValue(http), parse.GetValue(server)) switch
            {
                ({ } url, _) => new HttpClientTransport(new HttpClientTransportOptions { Endpoint = url }),
                (_, [var program, .. var arguments]) => new StdioClientTransport(new StdioClientTransportOptions
                {
                    Command = program,
                    Arguments = arguments,
                    EnvironmentVariables = new Dictionary<string, string?> { [StoreLocation.RedisVariable] = null }, // it may hold a password
                }),
                _ => null,
            };
            if (live is null)
            {
                await StdioReplay.RunAsync(new RecordedServerTransport(connection.Store, id) { FromSequence = sequence }, stop);
                return 0;
            }

            var options = new SessionReplayOptions { FromSequence = sequence };
            foreach (var path in parse.GetValue(ignored)!)
            {
                options.IgnoredPaths.Add(path);
            }

            await using var transport = await ConnectAsync(live, stop);
            var report = await connection.Store.ReplayClientAsync(id, transport, options, stop);
            await StandardOutput.OpenText().WriteAsync(parse.GetValue(json) ? ReplayDocument.Of(report) : ReplayText.Of(report));
            return report.Differences.Count == 0 ? 0 : Differs;
        });
        return command;
    }

    /// <summary>A number that is mistyped would replay nothing, and look like success.</summary>
    private static async Task RequireFrameAsync(ISessionStore store, SessionId id, long sequence, CancellationToken stop)
    {
        if (sequence > 0 && await store.GetSessionAsync(id, stop) is { } session && sequence >= session.FrameCount)
        {
            throw new IOException($"the session has no frame {sequence}: {(session.FrameCount == session.FirstSequence ? "it has none" : $"its frames are {session.FirstSequence} to {session.FrameCount - 1}")}.");
        }
    }

    private static async Task<ITransport> ConnectAsync(IClientTransport server, CancellationToken stop)
    {
        try
        {
            return await server.ConnectAsync(stop);
        }
        catch (IOException exception)
        {
            throw new ProxyException($"cannot connect to the server: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
    }
}
