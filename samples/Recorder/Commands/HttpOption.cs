using System.CommandLine;

namespace Recorder.Commands;

/// <summary>An address of Streamable HTTP.</summary>
internal static class HttpOption
{
    public static Option<Uri?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "url",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            {
                return url;
            }

            result.AddError($"'{name}' takes an absolute http address.");
            return null;
        },
    };
}
