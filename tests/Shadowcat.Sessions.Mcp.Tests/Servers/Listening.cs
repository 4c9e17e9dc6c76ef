using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Shadowcat.Sessions.Mcp.Tests.Servers;

/// <summary>A stream on which a client listens, and on which the server sends when a test lets it.</summary>
internal sealed class Listening
{
    private readonly Channel<string> _said = Channel.CreateUnbounded<string>();

    /// <summary>Sends a message on the stream.</summary>
    public void Say(string method) => _said.Writer.TryWrite(method);

    /// <summary>Lets a server hold the stream.</summary>
    public void AddTo(IServiceCollection services) => services.Configure<McpServerOptions>(options => options.Handlers.SubscriptionsListenHandler = async (context, stop) =>
    {
        await SayAsync(NotificationMethods.SubscriptionsAcknowledgedNotification);
        await foreach (var method in _said.Reader.ReadAllAsync(stop))
        {
            await SayAsync(method);
        }

        return new EmptyResult();

        Task SayAsync(string method) => context.Server.SendMessageAsync(
            new JsonRpcNotification { Method = method, Params = new JsonObject { ["notifications"] = new JsonObject() } }, stop);
    });
}
