namespace Shadowcat.Sessions.Aot.Model;

/// <summary>The exceptions, as a store of somebody throws them.</summary>
internal static class ErrorCalls
{
    public static async Task MakeAsync()
    {
        var (id, session, options, cause) = (new SessionId("a"), Samples.Session(), new SessionStoreOptions { MaxFramesPerSession = 1, MaxFramesBytesPerSession = 1 }, new IOException("cause"));
        Check.Equal(3L, (await ThrownAsync(new FramesLostException(Operations.AddFrame, id, 3, "lost"))).Sequence);
        Check.That(await ThrownAsync(new FramesTrimmedException(Operations.GetFrames, id, 1, 5)) is { RequestedSequence: 1, FirstSequence: 5 });
        Check.Equal(id, (await ThrownAsync(new SessionAlreadyExistsException(Operations.CreateSession, id))).SessionId);
        Check.Equal(9L, (await ThrownAsync(new SessionArchiveException(Operations.ImportSessions, id, 9, "line", cause))).Line);
        Check.Equal(session, (await ThrownAsync(new SessionConflictException(Operations.UpdateSession, session, 1))).Current);
        Check.That(await ThrownAsync(new SessionLimitExceededException(Operations.AddFrame, id, "Limit", "full", cause)) is { Limit: "Limit", IsTransient: false } limit && limit.InnerException == cause);
        Check.Equal(Operations.GetSession, (await ThrownAsync(new SessionNotFoundException(Operations.GetSession, id))).Operation);
        Check.That(await ThrownAsync(new SessionSerializationException(Operations.GetSession, id, "unreadable", formatVersion: 7, sequence: 8, cause)) is { FormatVersion: 7, Sequence: 8 });
        Check.Equal("wrong", (await ThrownAsync(new SessionStoreConfigurationException(Operations.Connect, id, "wrong", cause))).Reason);
        Check.That((await ThrownAsync(new SessionStoreException(Operations.Connect, sessionId: null, "failed", cause))) is { IsTransient: false, SessionId: null });
        Check.That(await ThrownAsync(new SessionStoreUnavailableException(Operations.AddFrame, id, "away", outcomeUnknown: true, cause)) is { OutcomeUnknown: true, IsTransient: true });
        Check.That(await ThrownAsync(new SessionTimeoutException(Operations.AddFrame, id, TimeSpan.FromSeconds(1), cause, "server")) is { Timeout.TotalSeconds: 1, IsTransient: true });
        Check.That(SessionLimitExceededException.TooManyFrames(Operations.AddFrame, id, options).Limit != SessionLimitExceededException.TooManyFramesBytes(Operations.AddFrame, id, options).Limit);
        Check.That(Operations.IsRead(Operations.GetSession) && !Operations.IsRead(Operations.AddFrame));
    }

    private static Task<TException> ThrownAsync<TException>(TException exception)
        where TException : SessionStoreException => Check.ThrowsAsync<TException>(() => throw exception);
}
