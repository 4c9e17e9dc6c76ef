using System.Text.RegularExpressions;
using Shadowcat.Sessions.Tests.House;
using Shadowcat.Sessions.Tests.Security;

namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>The list of commands that is checked when a store connects is the list of commands that it sends. That each is carried out, <see cref="AccessRuleTests"/> shows.</summary>
public sealed partial class StoreCommandsTests
{
    [Fact]
    public void Tried_Always_IsWhatScriptsSendAndTheStoreItself()
    {
        var sent = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Shadowcat.Sessions.Redis", "Scripts"), "*.lua")
            .SelectMany(static file => Call().Matches(File.ReadAllText(file)))
            .Select(static match => match.Groups["command"].Value)
            .Except(StoreCommands.TriedOtherwise.Concat(StoreCommands.Optional))
            .ToHashSet(StringComparer.Ordinal);
        var tried = StoreCommands.Tried.Select(StoreCommands.NameOf).ToList();

        Assert.NotEmpty(sent);
        Assert.Empty(sent.Except(tried));
        Assert.Empty(tried.Except(sent).Except(StoreCommands.TriedDirectly.Select(StoreCommands.NameOf)));
        Assert.Equal(tried.Count, tried.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Names_Always_AreThoseOfTheRuleOfTheReadme() =>
        Assert.Equal(
            AccessRule.Commands.Append("info").Select(static command => command.Split('|')[0].ToUpperInvariant()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            StoreCommands.Names.Order(StringComparer.Ordinal));

    /// <summary>What is called, and what is written, of which one that takes it back is named first.</summary>
    [GeneratedRegex(@"(?:call\(|(?:write|change|try)\(.*, |\{)'(?<command>[A-Z]{3,})'", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Call();
}
