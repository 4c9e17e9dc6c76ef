using System.CommandLine;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>Names a recording: a session of the store, or an archive.</summary>
internal static class RecordingArgument
{
    /// <param name="name">The argument.</param>
    /// <param name="arity">Whether it may be left out.</param>
    /// <param name="description">What it is for; null for the usual.</param>
    public static Argument<string> Create(string name = "session|file", ArgumentArity? arity = null, string? description = null) => new(name)
    {
        Description = description ?? "The id of a session, as 'list' shows it, or an archive, as 'export' writes it. A file changes no store.",
        Arity = arity ?? ArgumentArity.ExactlyOne,
    };
}
