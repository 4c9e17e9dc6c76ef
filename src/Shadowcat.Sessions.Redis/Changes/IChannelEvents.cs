using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Is told what a <see cref="ChannelListener"/> hears.</summary>
internal interface IChannelEvents
{
    /// <summary>Each second, before the channel is said to be heard, for what else has to be known by then. What it throws counts as not hearing.</summary>
    Task PrepareAsync(IConnectionMultiplexer connection);

    /// <summary>From now on nothing goes unheard.</summary>
    void OnSubscribed();

    /// <summary>From now on messages may go unheard.</summary>
    void OnInterrupted();

    /// <summary>Nothing is heard, and that is not over in a moment. Said once for each time.</summary>
    void OnUnheard(Exception exception);

    /// <summary>That is over.</summary>
    void OnHeardAgain();

    /// <summary>A message came. This can happen at the same time as another one, in any order, and while it is said that nothing is heard.</summary>
    void OnMessage(ReadOnlySpan<byte> message);
}
