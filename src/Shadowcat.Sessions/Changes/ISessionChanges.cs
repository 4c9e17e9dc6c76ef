namespace Shadowcat.Sessions;

/// <summary>What a store can say, beside answering, of sessions that change: for whoever keeps copies of them.</summary>
/// <remarks>A decorator passes on what the store inside of it says.</remarks>
internal interface ISessionChanges
{
    /// <summary>What <see cref="HeardUntil"/> and <see cref="EarliestTimestampOf"/> count in.</summary>
    TimeProvider TimeProvider { get; }

    /// <summary>Up to which timestamp the listeners can rely on having heard of every change, but for its way here. Moves on by itself while the store hears.</summary>
    long HeardUntil { get; }

    /// <summary>Tells a listener from now on; comes back at once, before the store hears anything.</summary>
    /// <returns>Ends the telling when it is disposed of.</returns>
    IDisposable Subscribe(ISessionChangeListener listener);

    /// <summary>The timestamp at which the store's clock may have come to a moment, at the earliest. Known while the store hears.</summary>
    long EarliestTimestampOf(DateTimeOffset moment);
}
