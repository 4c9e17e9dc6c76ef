using System.Net;
using Gateway.Serving;
using Shadowcat.Sessions.Redis;
using Spectre.Console;

namespace Gateway.Demo;

/// <summary>Shows alice's session go from replica to replica, bob refused, and nobody served once it is deleted; then what was recorded.</summary>
internal static class Demonstration
{
    private const int Calls = 4;

    public static async Task RunAsync(string? redis, CancellationToken cancellationToken)
    {
        await using var gateway = await GatewayHost.StartAsync(redis, "http://127.0.0.1:0", replicas: 2, cancellationToken, $"gateway-demo-{Guid.NewGuid():N}"[..20]);
        var screen = Screen();
        screen.WriteLine($"Two replicas, processes {string.Join(" and ", gateway.Replicas.Select(replica => replica.ProcessId))}, behind a round-robin; their sessions are in {(gateway.HasOwnStore ? "Garnet inside this process" : "the given Redis")}.");
        screen.WriteLine();
        var steps = new Table().Border(TableBorder.Rounded).AddColumns("Who", "Does", "Is answered");
        var sessionId = await TalkAsync(gateway, steps, cancellationToken);
        screen.Write(steps);
        screen.WriteLine();
        await ShowRecordAsync(gateway, sessionId, screen, cancellationToken);
    }

    private static async Task<string> TalkAsync(GatewayHost gateway, Table steps, CancellationToken cancellationToken)
    {
        using var probe = new SessionProbe();
        foreach (var replica in gateway.Replicas)
        {
            steps.AddRow("the balancer", $"asks {replica.Name} for its health", await probe.HealthAsync(replica.Address, cancellationToken));
        }

        string sessionId;
        await using (var alice = await DemoClient.ConnectAsync(gateway.Endpoint, "alice", cancellationToken))
        {
            sessionId = alice.SessionId!;
            steps.AddRow("alice", "begins a session", $"revision {alice.NegotiatedProtocolVersion}");
            for (var i = 0; i < Calls; i++)
            {
                steps.AddRow("alice", "calls a tool", await DemoClient.CallAsync(alice, "where", cancellationToken));
            }

            steps.AddRow("alice", "asks what is known of her", await DemoClient.CallAsync(alice, "client", cancellationToken));
            foreach (var replica in gateway.Replicas)
            {
                steps.AddRow("bob", $"names her session to {replica.Name}", Shown(await probe.CallAsync(replica.Address, "bob", sessionId, cancellationToken)));
            }

            steps.AddRow("alice", "calls a tool", await DemoClient.CallAsync(alice, "where", cancellationToken));
            var deletion = gateway.Replicas[0];
            steps.AddRow("bob", $"deletes her session at {deletion.Name}, as if there were none", Shown(await probe.DeleteAsync(deletion.Address, "bob", sessionId, cancellationToken)));
            steps.AddRow("alice", "calls a tool", await DemoClient.CallAsync(alice, "where", cancellationToken));
            steps.AddRow("alice", $"deletes it at {deletion.Name}", Shown(await probe.DeleteAsync(deletion.Address, "alice", sessionId, cancellationToken)));
        }

        foreach (var replica in gateway.Replicas)
        {
            steps.AddRow("alice", $"names it to {replica.Name}", Shown(await probe.CallAsync(replica.Address, "alice", sessionId, cancellationToken)));
        }

        await using var again = await DemoClient.ConnectAsync(gateway.Endpoint, "alice", cancellationToken);
        steps.AddRow("alice", "begins another session", $"revision {again.NegotiatedProtocolVersion}");
        foreach (var _ in gateway.Replicas)
        {
            steps.AddRow("alice", "calls a tool", await DemoClient.CallAsync(again, "where", cancellationToken));
        }

        await gateway.Replicas[0].KillAsync();
        steps.AddRow("–", $"{gateway.Replicas[0].Name} is killed", "–");
        steps.AddRow("alice", "calls a tool", await DemoClient.CallAsync(again, "where", cancellationToken));
        return sessionId;
    }

    private static async Task ShowRecordAsync(GatewayHost gateway, string sessionId, IAnsiConsole screen, CancellationToken cancellationToken)
    {
        await using var store = new RedisSessionStore(new RedisSessionStoreOptions { Configuration = gateway.Redis, KeyPrefix = gateway.Prefix });
        var record = await RecordedSession.ReadAsync(store, sessionId, cancellationToken);
        screen.WriteLine($"Both replicas recorded one session, owned by {record.Owner?.Value}: {record.FrameCount} frames, {record.VersionState?.Negotiated}, {record.State} ({record.CloseReason}).");
    }

    private static string Shown(HttpStatusCode status) => $"{(int)status} {status}";

    /// <summary>As wide as its lines where the output is no terminal, so that none is broken.</summary>
    private static IAnsiConsole Screen()
    {
        var screen = AnsiConsole.Create(new AnsiConsoleSettings());
        screen.Profile.Width = Math.Max(screen.Profile.Width, 120);
        return screen;
    }
}
