using System.Net.ServerSentEvents;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The frames of a log, one after the other.</summary>
internal abstract class EventSource : IAsyncDisposable
{
    /// <summary>Moves to the next frame; completes at once where that has been read already.</summary>
    /// <exception cref="McpException">The frames are gone.</exception>
    public ValueTask<bool> MoveNextAsync()
    {
        try
        {
            var moving = MoveAsync();
            return moving.IsCompletedSuccessfully ? moving : AwaitAsync(moving);
        }
        catch (SessionStoreException exception) when (IsGone(exception))
        {
            throw Gone(exception);
        }
    }

    /// <summary>Looks at the frame; false where it is no event of the stream that is read.</summary>
    public abstract bool TryTake(EventReading reading, out SseItem<JsonRpcMessage?> item);

    public abstract ValueTask DisposeAsync();

    protected abstract ValueTask<bool> MoveAsync();

    private static async ValueTask<bool> AwaitAsync(ValueTask<bool> moving)
    {
        try
        {
            return await moving.ConfigureAwait(false);
        }
        catch (SessionStoreException exception) when (IsGone(exception))
        {
            throw Gone(exception);
        }
    }

    private static bool IsGone(SessionStoreException exception) => exception is SessionNotFoundException or FramesTrimmedException;

    private static McpException Gone(SessionStoreException exception) => new("The events of the stream are no longer kept.", exception);
}
