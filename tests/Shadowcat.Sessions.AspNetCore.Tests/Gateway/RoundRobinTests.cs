using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Shadowcat.Sessions.AspNetCore.Tests.Gateway;

/// <summary>The gateway sends requests, and the credentials in them, to its replicas and to nobody else.</summary>
public sealed class RoundRobinTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/mcp", true)]
    [InlineData("/mcp/a//b?x=//c", true)]
    [InlineData("//{other}/mcp", false)]
    [InlineData("/.//{other}/mcp", false)]
    [InlineData("//user@{other}/mcp", false)]
    [InlineData("/\\{other}/mcp", false)]
    public async Task Request_WhateverItsPathSpells_GoesToAReplicaOrNowhere(string target, bool isForwarded)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var seen = new List<string>();
        await using var replica = await ServeAsync(context =>
        {
            seen.Add(context.Request.Path + context.Request.QueryString);
            return Task.CompletedTask;
        });
        using var roundRobin = new RoundRobin([new Uri(replica.Urls.First())]);
        await using var front = await ServeAsync(roundRobin.ForwardAsync);

        var status = await AskAsync(new Uri(front.Urls.First()), target.Replace("{other}", other.LocalEndpoint.ToString(), StringComparison.Ordinal));

        Assert.False(other.Pending(), "The other host was asked.");
        Assert.Equal((isForwarded ? 200 : 400, isForwarded ? 1 : 0), (status, seen.Count));
        Assert.All(seen, path => Assert.Equal(target, path));
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate serve)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(serve);
        await app.StartAsync(Ct);
        return app;
    }

    /// <summary>Sends a target as it is, which no client library would do.</summary>
    private static async Task<int> AskAsync(Uri front, string target)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(front.Host, front.Port, Ct);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: {front.Authority}\r\nAuthorization: Bearer secret\r\nConnection: close\r\n\r\n"), Ct);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return int.Parse((await reader.ReadLineAsync(Ct))!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
