using StackExchange.Redis;

namespace Shadowcat.Sessions.Tests.Servers;

/// <summary>Accounts on a server, whichever version it is.</summary>
/// <seealso href="https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/"/>
internal static class Account
{
    /// <summary>From which version on an account is granted channels; before, it has all of them.</summary>
    private static readonly Version WithChannels = new(6, 2);

    /// <summary>Whether an account is granted channels.</summary>
    public static bool HasChannels(Version server) => server >= WithChannels;

    /// <summary>Gives an account rights; makes it, with the password "pass", where there is none.</summary>
    /// <param name="server">The server.</param>
    /// <param name="name">The name of the account.</param>
    /// <param name="rights">
    /// As for <c>ACL SETUSER</c>. Where every account has every channel, rights to channels are left out, and an account that is to have none
    /// is kept from the commands.
    /// </param>
    public static Task GrantAsync(IServer server, string name, params IEnumerable<string> rights) =>
        server.ExecuteAsync("ACL", ["SETUSER", name, "on", ">pass", .. HasChannels(server.Version) ? rights : rights.SelectMany(WithoutChannels)]);

    /// <summary>Skips the calling test where every account has every channel.</summary>
    public static void SkipWithoutChannels(Version server) =>
        Assert.SkipUnless(HasChannels(server), "keeps an account from a channel, which Redis knows from 6.2 on");

    private static string[] WithoutChannels(string right) => right switch
    {
        "resetchannels" => ["-publish", "-subscribe"],
        ['&', ..] => [],
        _ => [right],
    };
}
