using System.Text.Json;
using ModelContextProtocol.Protocol;
using Shadowcat.Sessions.Mcp;
using Shadowcat.Sessions.Recorder.Terminal;

namespace Shadowcat.Sessions.Recorder.Replaying;

/// <summary>Lets a recording answer the client on the standard streams.</summary>
/// <remarks>Not by the server transport of the SDK: that one sends nothing any more once the client has closed its end, as <c>printf … | recorder replay</c> does at once.</remarks>
internal sealed class StdioReplay
{
    /// <summary>How long a client that has closed its end may still be sent answers: some may wait for what it never says.</summary>
    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _allAnswered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CallerIds _ids = new();
    private readonly ITransport _recording;
    private int _unanswered = 1; // what the client says is not over yet

    private StdioReplay(ITransport recording) => _recording = recording;

    /// <summary>Answers until the client closes its end, or nothing can be answered any more.</summary>
    public static async Task RunAsync(RecordedServerTransport recorded, CancellationToken stop)
    {
        // Read before the client is listened to: where there is no such session, nothing is answered.
        await using var recording = await recorded.ConnectAsync(stop);
        await new StdioReplay(recording).RunAsync(stop);
    }

    private async Task RunAsync(CancellationToken stop)
    {
        var answering = AnswerAsync(stop);
        try
        {
            var listening = ListenAsync(stop);
            if (await Task.WhenAny(listening, answering) == listening)
            {
                await listening;
                Answered();
                await Task.WhenAny(_allAnswered.Task, answering, Task.Delay(LastAnswers, TimeProvider.System, stop));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped from outside.
        }

        if (answering.IsFaulted)
        {
            await answering;
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        using var input = new StreamReader(StandardInput.Open());
        while (await input.ReadLineAsync(stop).AsTask().WaitAsync(stop) is { } line)
        {
            try
            {
                if (_ids.Read(line) is { } message)
                {
                    if (message is JsonRpcRequest)
                    {
                        Interlocked.Increment(ref _unanswered);
                    }

                    await _recording.SendMessageAsync(message, stop);
                }
            }
            catch (JsonException exception)
            {
                await StandardError.Writer.WriteLineAsync($"shadowcat: this is no message: {SafeText.Of(exception.Message)}");
            }
        }
    }

    private async Task AnswerAsync(CancellationToken stop)
    {
        await using var output = StandardOutput.Open();
        await foreach (var message in _recording.MessageReader.ReadAllAsync(stop))
        {
            await output.WriteAsync((byte[])[.. _ids.Write(message), (byte)'\n'], stop);
            await output.FlushAsync(stop);
            if (message is JsonRpcResponse or JsonRpcError)
            {
                Answered();
            }
        }
    }

    private void Answered()
    {
        if (Interlocked.Decrement(ref _unanswered) == 0)
        {
            _allAnswered.TrySetResult();
        }
    }
}
