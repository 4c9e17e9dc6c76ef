using System.CommandLine;
using Gateway.Serving;

namespace Gateway.Commands;

/// <summary><c>serve</c>: replicas behind a round-robin until it is stopped.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var redis = RedisOption.Create();
        var listen = new Option<string>("--listen") { Description = "Where clients reach it.", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        listen.Validators.Add(result =>
        {
            if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
            {
                result.AddError("--listen must be an address such as http://127.0.0.1:8080.");
            }
        });
        var replicas = new Option<int>("--replicas") { Description = "How many processes serve.", DefaultValueFactory = _ => 2 };
        replicas.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 16)
            {
                result.AddError("--replicas must be between 1 and 16.");
            }
        });
        var command = new Command("serve", "Serve MCP clients. Whoever sends 'Authorization: Bearer <name>' is <name>.") { redis, listen, replicas };
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var gateway = await GatewayHost.StartAsync(
                parse.GetValue(redis), parse.GetValue(listen)!, parse.GetValue(replicas), cancellationToken);
            Console.WriteLine($"MCP clients connect to {gateway.Endpoint}");
            Console.WriteLine(gateway.Inspector is { } page ? $"their sessions are seen at {page}" : "their sessions are not seen by a browser: that is for addresses of this machine");
            await Task.Delay(Timeout.Infinite, cancellationToken).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        });
        return command;
    }
}
