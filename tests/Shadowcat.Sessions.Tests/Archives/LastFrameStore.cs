using System.Reflection;

namespace Shadowcat.Sessions.Tests.Archives;

/// <summary>A store that takes sessions and frames, and keeps only the last frame, as it was given: it costs no memory of its own.</summary>
public class LastFrameStore : DispatchProxy
{
    private MessageEnvelope? _last;
    private long _frames;

    public ReadOnlyMemory<byte> Payload => _last!.Payload;

    public static (ISessionStore Store, LastFrameStore Frames) Make()
    {
        var store = Create<ISessionStore, LastFrameStore>();
        return (store, (LastFrameStore)(object)store);
    }

#pragma warning disable CA2012 // What is made here is what the caller awaits.
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        switch (targetMethod!.Name)
        {
            case nameof(ISessionStore.CreateSessionAsync):
                return ValueTask.FromResult((Session)args![0]!);
            case nameof(ISessionStore.AddFramesAsync):
                var frames = (IReadOnlyList<MessageEnvelope>)args![1]!;
                (_last, _frames) = (frames[^1], _frames + frames.Count);
                return ValueTask.FromResult(_frames - frames.Count);
            default:
                throw new NotSupportedException(targetMethod.Name);
        }
    }
#pragma warning restore CA2012
}
