namespace Shadowcat.Sessions.Recorder.Exporting.Otlp;

/// <summary>A span, before it is written.</summary>
/// <param name="name">Its name.</param>
/// <param name="id">Its id, in hexadecimal digits.</param>
/// <param name="from">Who began it: the peer that it is a span of.</param>
/// <param name="began">When.</param>
internal sealed class OtlpSpan(string name, string id, MessageDirection from, DateTimeOffset began)
{
    /// <summary>What the format calls kinds: within a program, and by who asks another.</summary>
    /// <seealso href="https://github.com/open-telemetry/opentelemetry-proto/blob/v1.9.0/opentelemetry/proto/trace/v1/trace.proto"/>
    public const int Internal = 1;
    public const int Client = 3;

    public string Name { get; } = name;

    public string Id { get; } = id;

    public MessageDirection From { get; } = from;

    public DateTimeOffset Began { get; } = began;

    public DateTimeOffset Ended { get; private set; } = began;

    /// <summary>The span that this one is a part of; null for the root.</summary>
    public string? ParentId { get; init; }

    public int Kind { get; init; } = Client;

    /// <summary>The span of the program that sent the message, as that says itself.</summary>
    public TraceLink? Link { get; init; }

    /// <summary>The attributes: texts, whole numbers as <see cref="long"/>, and lists of texts.</summary>
    public List<KeyValuePair<string, object>> Attributes { get; } = [];

    public bool IsError { get; private set; }

    /// <summary>What the peer says of the error.</summary>
    public string? ErrorMessage { get; private set; }

    public void Add(string name, object? value)
    {
        if (value is not null)
        {
            Attributes.Add(new(name, value));
        }
    }

    /// <summary>Ends it.</summary>
    /// <param name="ended">When.</param>
    /// <param name="errorType">The class of the error; null for none.</param>
    /// <param name="errorMessage">What is said of it.</param>
    public void End(DateTimeOffset ended, string? errorType = null, string? errorMessage = null)
    {
        Ended = ended;
        if (errorType is not null)
        {
            IsError = true;
            ErrorMessage = errorMessage;
            Add("error.type", errorType);
        }
    }
}
