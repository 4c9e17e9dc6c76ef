using System.CommandLine;

namespace Shadowcat.Sessions.Recorder.Commands;

/// <summary>An address of Streamable HTTP.</summary>
internal static class HttpOption
{
    /// <param name="name">The option.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="schemes">What the address may begin with.</param>
    public static Option<Uri?> Create(string name, string description, params string[] schemes) => new(name)
    {
        Description = description,
        HelpName = "url",
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && schemes.Contains(url.Scheme))
            {
                return url;
            }

            result.AddError($"'{name}' takes an absolute address that begins with {string.Join(" or ", schemes)}.");
            return null;
        },
    };
}
