using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Receives the messages of a <see cref="ChannelSubscription"/>, and whether they arrive.</summary>
internal interface IChannelEvents
{
    /// <summary>Called each second, before the channel counts as subscribed, to learn what else has to be known by then. What it throws counts as a failed subscription.</summary>
    Task PrepareAsync(IConnectionMultiplexer connection);

    /// <summary>From now on every message arrives.</summary>
    void OnSubscribed();

    /// <summary>From now on messages may be lost.</summary>
    void OnMessagesLost();

    /// <summary>The channel cannot be subscribed to, and that does not end in a moment. Called once until the subscription is restored.</summary>
    void OnSubscriptionFailed(Exception exception);

    /// <summary>The channel is subscribed to again.</summary>
    void OnSubscriptionRestored();

    /// <summary>A message arrived. Messages may be reported at the same time, in any order, and while the subscription counts as lost.</summary>
    void OnMessage(ReadOnlySpan<byte> message);
}
