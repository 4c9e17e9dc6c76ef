namespace Shadowcat.Sessions;

/// <summary>Appends that can be made again after one of which nobody knows what became: what a store offers to whoever keeps frames through an outage.</summary>
/// <remarks>
/// Each frame has a stamp in its stored form, by which it is told from every other. Only the store can look for it and append it in one atomic step: who
/// reads first and appends then is overtaken by a request that arrives late.
/// </remarks>
internal interface IRepeatableAppends
{
    /// <summary>What the store was told: the bounds that frames have to keep to.</summary>
    SessionStoreOptions Options { get; }

    /// <summary>Appends frames side by side, or finds them where an earlier call with these very frames has put them.</summary>
    /// <param name="operation">The operation, for errors.</param>
    /// <param name="id">The session.</param>
    /// <param name="frames">The frames in their stored form. They must not change any more, not even after the call.</param>
    /// <param name="generation">The <see cref="Session.Generation"/> of the session that they are meant for; <see cref="Guid.Empty"/> for whichever session has the id.</param>
    /// <param name="since">The sequence from which on they may stand already; -1 where no earlier call with them can have taken effect.</param>
    /// <param name="cancellationToken">Stops waiting; the frames may have been appended all the same.</param>
    /// <returns>The sequence of the first frame. Nothing that is still on its way from an earlier call with these frames takes effect after that.</returns>
    /// <exception cref="SessionNotFoundException">There is no such session, or only one of another generation: the one that the frames were meant for has ended. Nothing was done.</exception>
    /// <exception cref="FramesTrimmedException">They do not stand there, and frames from <paramref name="since"/> on are no longer kept: whether these were among them cannot be known. Nothing was done.</exception>
    /// <remarks>Otherwise it fails as <see cref="ISessionStore.AddFramesAsync"/> does.</remarks>
    ValueTask<long> AppendAsync(string operation, SessionId id, byte[][] frames, Guid generation, long since, CancellationToken cancellationToken);
}
