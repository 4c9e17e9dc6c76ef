using System.CommandLine;
using Gateway.Commands;
using Gateway.Demo;
using Shadowcat.Sessions;

var root = new RootCommand("An MCP server as two replicas behind a round-robin: any of them goes on with any session.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    ReplicaCommand.Create(),
};
root.SetAction((_, cancellationToken) => Demonstration.RunAsync(redis: null, cancellationToken));

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is SessionStoreException or InvalidOperationException or IOException or TimeoutException or HttpRequestException)
{
    await Console.Error.WriteLineAsync($"gateway: {exception.Message}");
    return 1;
}
