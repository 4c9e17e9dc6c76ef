namespace Shadowcat.Sessions;

/// <summary>Appends that can be repeated where the outcome of an earlier one is unknown. A store offers them to a buffer, which keeps frames through an outage.</summary>
/// <remarks>
/// <para>Offer it where the store can look for a frame and append it in one atomic step. With a read and then an append, a request that arrives late could come in between.
/// It is found by <see cref="ISessionStore.GetService"/>. A store that offers it answers for <see cref="SessionStoreOptions"/> there, too.</para>
/// <para><see cref="BufferedSessionStore"/> needs it.</para>
/// </remarks>
public interface IRepeatableAppends
{
    /// <summary>Appends frames side by side, or finds them where an earlier call with these very frames has put them.</summary>
    /// <param name="operation">The operation, for errors: one of <see cref="Operations"/>.</param>
    /// <param name="id">The session.</param>
    /// <param name="frames">The frames, at least one. Those of a repetition have the keys of the first call.</param>
    /// <param name="generation">The <see cref="Session.Generation"/> of the session that they are meant for; <see cref="Guid.Empty"/> for whichever session has the id.</param>
    /// <param name="since">The sequence from which on they may be stored already; -1 where no earlier call with them can have taken effect.</param>
    /// <param name="cancellationToken">Stops waiting; the frames may have been appended all the same.</param>
    /// <returns>The sequence of the first frame. Nothing that is still on its way from an earlier call with these frames takes effect after that.</returns>
    /// <exception cref="SessionNotFoundException">There is no such session, or only one of another generation: the one that the frames were meant for has ended. Nothing was done.</exception>
    /// <exception cref="FramesTrimmedException">They are not there, and frames from <paramref name="since"/> on are no longer kept, so whether these were among them cannot be known. Nothing was done.</exception>
    /// <remarks>Otherwise it fails as <see cref="ISessionStore.AddFramesAsync"/> does. The caller has checked the frames against the store's options.</remarks>
    ValueTask<long> AppendAsync(
        string operation, SessionId id, IReadOnlyList<IdempotentFrame> frames, Guid generation, long since, CancellationToken cancellationToken);
}
