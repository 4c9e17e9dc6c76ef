namespace Shadowcat.Sessions.Recorder.Analysis.Checking;

/// <summary>Finds what is wrong in a conversation, in one pass over its frames; none of them is kept.</summary>
internal sealed class ConversationCheck
{
    private readonly Calls _calls = new();
    private readonly Findings _findings;
    private readonly IConversationCheck[] _checks;

    private ConversationCheck(Session session, CheckOptions options)
    {
        _findings = new Findings(options.Ignored);
        var recording = new RecordingChecks(session, _findings);
        var ids = new UsedIds(session);
        _checks =
        [
            recording,
            new MessageChecks(_findings),
            new AnswerChecks(ids, recording, options.Slow, _findings),
            new RequestChecks(session, _calls, ids, recording, _findings),
            new FailureChecks(_findings),
            new HandshakeChecks(session, _findings),
            new VersionChecks(_findings),
            new HeaderChecks(session, _findings),
        ];
    }

    /// <summary>Reads a recording.</summary>
    /// <param name="session">Its session.</param>
    /// <param name="frames">Its frames, in their order.</param>
    /// <param name="options">What counts as wrong.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<CheckReport> RunAsync(Session session, IAsyncEnumerable<MessageEnvelope> frames, CheckOptions options, CancellationToken cancellationToken)
    {
        var check = new ConversationCheck(session, options);
        long count = 0;
        await foreach (var frame in frames.WithCancellation(cancellationToken))
        {
            count++;
            check.Observe(frame);
        }

        foreach (var one in check._checks)
        {
            one.Complete();
        }

        return new CheckReport(session, count, check._findings);
    }

    private void Observe(MessageEnvelope frame)
    {
        var isOfPeer = frame.Direction != MessageDirection.Internal;

        // What never arrived is asked of nobody.
        var call = !isOfPeer ? null : frame.Kind switch
        {
            MessageKind.Request when (frame.Flags & MessageFlags.Undelivered) == 0 && frame is { RequestId: not null, Method: not null } => _calls.Ask(frame),
            MessageKind.Response or MessageKind.Error => _calls.Answer(frame),
            _ => null,
        };
        var observed = new ObservedFrame(frame, call, _calls.Observe(frame));
        foreach (var check in _checks)
        {
            check.Observe(observed);
        }
    }
}
