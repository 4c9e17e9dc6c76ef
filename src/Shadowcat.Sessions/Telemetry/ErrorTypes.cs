namespace Shadowcat.Sessions;

/// <summary>What an operation failed with, as the tag <c>error.type</c>: the name of an exception of the contract, or <c>_OTHER</c>. A closed set.</summary>
internal static class ErrorTypes
{
    public const string Other = "_OTHER";

    private static readonly Type[] Known =
    [
        typeof(FramesLostException),
        typeof(FramesTrimmedException),
        typeof(SessionAlreadyExistsException),
        typeof(SessionArchiveException),
        typeof(SessionConflictException),
        typeof(SessionLimitExceededException),
        typeof(SessionNotFoundException),
        typeof(SessionSerializationException),
        typeof(SessionStoreConfigurationException),
        typeof(SessionStoreException),
        typeof(SessionStoreUnavailableException),
        typeof(SessionTimeoutException),
    ];

    /// <summary>All values there are.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Known.Select(type => type.FullName!), typeof(OperationCanceledException).FullName!, Other];

    public static string Of(Exception exception) => exception switch
    {
        OperationCanceledException => typeof(OperationCanceledException).FullName!,
        _ when Array.IndexOf(Known, exception.GetType()) is var at and >= 0 => Known[at].FullName!,
        SessionStoreException => typeof(SessionStoreException).FullName!,
        _ => Other,
    };
}
