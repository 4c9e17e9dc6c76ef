using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>What is sent to append frames to any number of sessions of one partition by <c>append-frames.lua</c>: one atomic call.</summary>
/// <remarks>
/// The call names each list by its fencing token and changes no other list. Each frame has a stamp, so that frames of an earlier try are recognized. A try that follows one
/// that was not answered says from which sequence on the frames may be stored.
/// </remarks>
internal sealed class AppendFrames
{
    private const int FixedKeys = 3;
    private const int KeysOfASession = 3;
    private const int FixedArguments = 5;
    private const int ArgumentsOfASession = 8;

    private static readonly RedisScript Script = new("append-frames");

    private readonly SessionBatch[] _sessions;
    private readonly string[] _unusedTokens;
    private readonly int _disconnects;
    private readonly RedisKey[] _keys;
    private readonly RedisValue[] _arguments;

    /// <summary>The arguments that a repetition has where a try was not answered: the generation of each session, and the sequence from which on its frames may be stored.</summary>
    private readonly (int At, RedisValue Generation, long Since)[] _repeated;
    private Exception? _unanswered;

    /// <summary>Makes the call. From then on it does not look at the sessions before its answer is there: a try may still be made when they are part of another batch.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="sessions">The frames to append.</param>
    /// <param name="options">The bounds of a session.</param>
    /// <param name="disconnects">How many times the connection was lost until now.</param>
    public AppendFrames(RedisPartition partition, SessionBatch[] sessions, SessionStoreOptions options, int disconnects)
    {
        _sessions = sessions;
        _disconnects = disconnects;
        _unusedTokens = Array.ConvertAll(sessions, static _ => FencingToken.New());
        _repeated = new (int, RedisValue, long)[sessions.Length];
        _keys = new RedisKey[FixedKeys + (KeysOfASession * sessions.Length)];
        _arguments = new RedisValue[FixedArguments + sessions.Sum(static session => ArgumentsOfASession + session.Frames)];
        (_keys[0], _keys[1], _keys[2]) = (partition.Active, partition.Expiry, partition.Index);
        _arguments[0] = SessionHash.Format;
        _arguments[1] = options.MaxFramesPerSession ?? 0;
        _arguments[2] = options.MaxFramesBytesPerSession ?? 0;
        _arguments[3] = options.FrameOverflow == FrameOverflow.Refuse;
        _arguments[4] = partition.Followed;
        var (key, argument) = (FixedKeys, FixedArguments);
        for (var i = 0; i < sessions.Length; i++)
        {
            var (session, cursor) = (sessions[i], sessions[i].Cursor);
            _keys[key++] = cursor.SessionKey;
            _keys[key++] = cursor.ListKey;
            _keys[key++] = partition.Frames(cursor.Id, _unusedTokens[i]);
            _arguments[argument++] = session.Frames;
            _arguments[argument++] = cursor.List.Token;
            _arguments[argument++] = _unusedTokens[i];
            _repeated[i] = (argument, Digits(session.GenerationOfRepetition), session.SinceOfRepetition);
            _arguments[argument++] = Digits(session.Generation);
            _arguments[argument++] = session.Since;
            _arguments[argument++] = cursor.Acknowledged?.Sequence ?? -1;
            _arguments[argument++] = cursor.Acknowledged is { } mark ? FrameStamp.Bytes(mark.Stamp) : RedisValue.EmptyString;
            _arguments[argument++] = cursor.NeedsNewToken;
            session.WriteFrames(_arguments.AsSpan(argument));
            argument += session.Frames;
        }
    }

    /// <summary>Sends the call.</summary>
    /// <returns>The reply, for <see cref="Complete"/>.</returns>
    public async Task<ReadOnlyMemory<byte>> RunAsync(IDatabase database)
    {
        try
        {
            return (RedisValue)await Script.EvaluateAsync(database, _keys, _unanswered is null ? _arguments : Repeated()).ConfigureAwait(false);
        }
        catch (Exception exception) when (RedisFaults.MayArriveLate(exception))
        {
            _unanswered = exception;
            throw;
        }
    }

    /// <summary>Notes in each session that a try was not answered, where one was not. The sessions have to be those of this call still.</summary>
    public void NoteUnanswered()
    {
        if (_unanswered is { } exception)
        {
            Array.ForEach(_sessions, session => session.NoteUnanswered(exception));
        }
    }

    /// <summary>Completes each caller with its own answer, and notes what was learned of the lists.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="fresh">Converts the ms for which a deadline need not move into the timestamps from and until which it need not.</param>
    /// <param name="refusal">Makes the exception that a code means to the callers of a session.</param>
    /// <param name="listeners">Who else is notified.</param>
    /// <returns>Whether frames turned out to be gone that were acknowledged.</returns>
    public bool Complete(
        ref AppendReply reply,
        Func<long, (long From, long Until)> fresh,
        Func<SessionBatch, PendingAppend, AppendCode, long, SessionStoreException> refusal,
        SessionChangeListeners listeners)
    {
        var hasLost = false;
        for (var i = 0; i < _sessions.Length; i++)
        {
            reply.Next();
            var (session, code, value) = (_sessions[i], reply.Code, reply.Value);
            switch (code)
            {
                case AppendCode.OtherToken:
                    // It stays open: the next call knows the token.
                    session.Cursor.UseList(reply.List);
                    break;
                case AppendCode.Interrupted:
                    break;
                case AppendCode.Stored or AppendCode.StoredUnderNewToken:
                    hasLost |= Store(session, reply, _unusedTokens[i], fresh(reply.Rest));
                    Notify(listeners, session, reply);
                    session.Complete(value);
                    break;
                case AppendCode.FramesLost:
                    hasLost = true;

                    // Where the whole list is gone, sequences continue behind all that may have been given: of those, the last that was counted surely was.
                    var given = reply.First == value ? value - ListField.Reserve : value;
                    var lost = session.Cursor.Acknowledged?.Sequence ?? given - 1;
                    session.Cursor.ContinueAfterLoss(_unusedTokens[i], value);
                    listeners.Notify(SessionChange.Gone(session.Cursor.Id));
                    session.FailLost(lost);
                    break;
                default:
                    session.Cursor.MarkStale();
                    listeners.Notify(SessionChange.Gone(session.Cursor.Id));
                    session.Fail(append => refusal(session, append, code, value));
                    break;
            }
        }

        return hasLost;
    }

    /// <summary>Notes what was learned of the list that frames are stored in.</summary>
    /// <returns>Whether frames are gone that were acknowledged before; the next callers that append to it fail with that.</returns>
    private bool Store(SessionBatch session, in AppendReply reply, string unusedToken, (long From, long Until) fresh)
    {
        var cursor = session.Cursor;
        if (reply.Code == AppendCode.StoredUnderNewToken)
        {
            cursor.UseList(cursor.List with { Token = unusedToken });
        }

        var isMisplaced = session.Since < 0 ? reply.Value <= cursor.Acknowledged?.Sequence : reply.Value < session.Since;
        var lost = reply.Rest < 0 || isMisplaced ? cursor.Acknowledged?.Sequence : null;
        cursor.Update(reply, session.LastOf(reply.Value), fresh, _disconnects);
        if (lost is { } sequence)
        {
            cursor.NoteLost(sequence);
        }

        return lost is not null;
    }

    private static void Notify(SessionChangeListeners listeners, SessionBatch session, in AppendReply reply)
    {
        if (reply.ExpiresAt is { } expiresAt)
        {
            listeners.Notify(new SessionActivity(session.Cursor.Id, reply.Time, reply.Value + session.Frames, reply.First, expiresAt));
        }
        else
        {
            // Stored by an earlier try: what else that one did is not known.
            listeners.Notify(SessionChange.Gone(session.Cursor.Id));
        }
    }

    private static RedisValue Digits(Guid generation) => generation == Guid.Empty ? RedisValue.EmptyString : generation.ToString("N");

    /// <summary>The arguments of a try that follows one that was not answered. The arguments of that one stay as they are: the client library may still be about to write them.</summary>
    private RedisValue[] Repeated()
    {
        RedisValue[] arguments = [.. _arguments];
        foreach (var (at, generation, since) in _repeated)
        {
            (arguments[at], arguments[at + 1]) = (generation, since);
        }

        return arguments;
    }
}
