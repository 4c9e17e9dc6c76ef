using System.CommandLine;
using Gateway.Replicas;
using Microsoft.Extensions.Hosting;

namespace Gateway.Commands;

/// <summary><c>replica</c>: one process of the gateway. It ends when its standard input does, so none outlives who started it.</summary>
internal static class ReplicaCommand
{
    public static Command Create()
    {
        var redis = new Option<string>("--redis") { Required = true, Description = "The Redis server that all replicas share." };
        var name = new Option<string>("--name") { Required = true, Description = "What it calls itself." };
        var prefix = new Option<string>("--prefix") { Description = "What the keys on that server begin with.", DefaultValueFactory = _ => "gateway" };
        var environment = new Option<string>("--environment") { Description = "The environment of the host.", DefaultValueFactory = _ => Environments.Production };
        var command = new Command("replica", "Serve as one replica; prints its address.") { redis, name, prefix, environment };
        command.Hidden = true;
        command.SetAction(async (parse, cancellationToken) =>
        {
            await using var replica = Replica.Create(parse.GetValue(redis)!, parse.GetValue(name)!, parse.GetValue(prefix)!, parse.GetValue(environment)!);
            await replica.StartAsync(cancellationToken);
            Console.WriteLine(replica.Urls.First());
            await Console.In.ReadToEndAsync(cancellationToken);
            await replica.StopAsync(cancellationToken);
        });
        return command;
    }
}
