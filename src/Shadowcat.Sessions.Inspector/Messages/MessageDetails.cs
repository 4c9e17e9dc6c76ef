namespace Shadowcat.Sessions.Inspector;

/// <summary>What a message says beyond its header, as far as a list of messages shows it, or joins them by it.</summary>
internal record struct MessageDetails
{
    /// <summary>The tool or prompt that a request is for, or the address of the resource.</summary>
    public string? Target { get; set; }

    /// <summary>The progress token that a request gives, or a progress notification names, as JSON.</summary>
    public string? ProgressToken { get; set; }

    /// <summary>The request that a cancellation names, as JSON.</summary>
    public string? CancelledId { get; set; }

    public string? TaskId { get; set; }

    /// <summary>Stands for the state that a server gave with its answer, and a client sent with its next request: equal ones belong together.</summary>
    public string? RequestState { get; set; }

    public string? LogLevel { get; set; }

    /// <summary>How far a progress notification says it is, as JSON.</summary>
    public string? Progress { get; set; }

    /// <summary>How far it is to go, as JSON.</summary>
    public string? Total { get; set; }

    /// <summary>Whether a result says that its tool failed.</summary>
    public bool IsToolError { get; set; }

    /// <summary>The code of an error, as JSON.</summary>
    public string? ErrorCode { get; set; }

    public string? ErrorMessage { get; set; }
}
