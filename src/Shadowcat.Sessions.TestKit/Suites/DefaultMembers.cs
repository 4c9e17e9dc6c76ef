namespace Shadowcat.Sessions.TestKit;

/// <summary>What a store leaves to the defaults of <see cref="ISessionStore"/>.</summary>
internal static class DefaultMembers
{
    /// <summary>The operation whose member carries another one out: itself, or, where a store leaves it to the default, the one that this calls.</summary>
    public static string CalledBy(Type store, string operation) => operation switch
    {
        Operations.AddFrame when IsDefault(store, nameof(ISessionStore.AddFrameAsync)) => Operations.AddFrames,
        Operations.BorrowFrames when IsDefault(store, nameof(ISessionStore.BorrowFramesAsync)) => Operations.GetFrames,
        _ => operation,
    };

    private static bool IsDefault(Type store, string member)
    {
        var map = store.GetInterfaceMap(typeof(ISessionStore));
        var at = Array.FindIndex(map.InterfaceMethods, method => method.Name == member);
        return map.TargetMethods[at].DeclaringType == typeof(ISessionStore);
    }
}
