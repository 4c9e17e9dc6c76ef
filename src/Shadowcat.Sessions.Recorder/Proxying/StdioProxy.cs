using Shadowcat.Sessions.Recorder.Recording;

namespace Shadowcat.Sessions.Recorder.Proxying;

/// <summary>Stands between a client and a server of the stdio transport and changes nothing.</summary>
/// <param name="input">What the client writes.</param>
/// <param name="output">What the client reads.</param>
/// <param name="clock">Says how long to wait.</param>
/// <param name="onLine">Takes each line of both directions, from two threads; it must not wait.</param>
/// <param name="onBroken">Called with the direction in which nothing is delivered any more, for its receiver has closed its end.</param>
internal sealed class StdioProxy(Stream input, Stream output, TimeProvider clock, Action<WireLine> onLine, Action<MessageDirection> onBroken)
{
    /// <summary>How much of a line is kept to read its header, also where a store takes less of it.</summary>
    public const int MaxLineBytes = 64 * 1024 * 1024;

    // Clients kill two seconds after they asked; the session is to be closed before that.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FinishGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuietFor = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan QuietInsideLineFor = TimeSpan.FromMilliseconds(500);

    private bool _hasClientLeft;

    /// <summary>Carries the conversation until the server has exited and all it said is delivered.</summary>
    /// <param name="server">The server, which has just been started.</param>
    /// <param name="stop">Asks the server to end.</param>
    public async Task<ProxyEnd> RunAsync(ChildProcess server, CancellationToken stop)
    {
        var toServer = Pump(input, server.Input, MessageDirection.ClientToServer, keepsReading: true);
        var fromServer = Pump(server.Output, output, MessageDirection.ServerToClient, keepsReading: false);
        (toServer.Other, fromServer.Other) = (fromServer, toServer);
        var carrying = CarryToServerAsync(toServer, server);
        var toClient = fromServer.RunAsync();
        var exit = server.WaitForExitAsync();

        await using (stop.Register(() => _ = server.StopAsync(StopGrace)))
        {
            await exit;
        }

        var wasClientFirst = Volatile.Read(ref _hasClientLeft);
        try
        {
            await toClient.WaitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // Whatever the server started may hold its stdout open; who was stopped does not wait for that.
            await Task.WhenAny(toClient, Task.Delay(DrainGrace, clock, CancellationToken.None));
        }

        await FinishAsync(toServer, carrying, stop);
        return new ProxyEnd(await exit, wasClientFirst, stop.IsCancellationRequested);
    }

    /// <summary>Takes what the client was still saying when the server exited: the request that it died of may be the last, and may not be whole.</summary>
    private async Task FinishAsync(StreamPump toServer, Task carrying, CancellationToken stop)
    {
        var started = clock.GetTimestamp();
        long read;
        do
        {
            read = toServer.Read;

            // Who has written a part of a line writes the rest, if it is not about to kill this process.
            var quiet = toServer.IsInsideLine && !stop.IsCancellationRequested ? QuietInsideLineFor : QuietFor;
            await Task.WhenAny(carrying, Task.Delay(quiet, clock, CancellationToken.None));
        }
        while (!carrying.IsCompleted && !(toServer.IsWaiting && read == toServer.Read) && clock.GetElapsedTime(started) < FinishGrace);

        toServer.Abandon();
    }

    private async Task CarryToServerAsync(StreamPump pump, ChildProcess server)
    {
        await pump.RunAsync();

        // Noted before the server is stopped, which may exit at once.
        Volatile.Write(ref _hasClientLeft, true);
        await server.Input.DisposeAsync();
    }

    private StreamPump Pump(Stream source, Stream destination, MessageDirection direction, bool keepsReading) =>
        new(source, destination, new LineSplitter(direction, MaxLineBytes, onLine), keepsReading, () => onBroken(direction));
}
