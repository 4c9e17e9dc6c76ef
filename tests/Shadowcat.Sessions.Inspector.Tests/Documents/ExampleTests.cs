using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Shadowcat.Sessions.Inspector.Tests.Registration;
using Shadowcat.Sessions.Tests.House;

namespace Shadowcat.Sessions.Inspector.Tests.Documents;

/// <summary>The example of docs/inspector.md does what that says.</summary>
public sealed class ExampleTests
{
    [Fact]
    public async Task Example_Run_ServesThosePagesToThoseUsers()
    {
        var store = new InMemorySessionStore();
        var alices = await Recorded.BeginAsync(store, Recorded.OwnedBy("alice"));
        await Recorded.BeginAsync(store, Recorded.OwnedBy("bob"));
        await using var application = await InspectedApplication.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<ISessionStore>(store);
                builder.Services.AddAuthorization(static options => options.AddPolicy("operators", new AuthorizationPolicyBuilder().RequireClaim("sub", "operator").Build()));
                builder.Services.AddAuthentication("none").AddScheme<NobodyOptions, Nobody>("none", configureOptions: null);
            },
            static application =>
            {
                application.UseAuthorization();
                Examples.Run(application);
            });

        var (_, all) = await application.GetAsync("api/sessions", "operator");
        var (_, own) = await application.GetAsync("/my-sessions/api/sessions", "alice");
        using var refused = await application.SendAsync(HttpMethod.Get, "api/sessions", "alice");

        Assert.Equal(2, all.GetProperty("sessions").GetArrayLength());
        Assert.Equal(alices.Session.Id.Value, Assert.Single(own.GetProperty("sessions").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Theory]
    [InlineData("docs/inspector.md")]
    [InlineData("src/Shadowcat.Sessions.Inspector/README.md")]
    public void Page_Example_IsTheOneThatCompiles(string page)
    {
        var example = Text("tests/Shadowcat.Sessions.Inspector.Tests/Documents/Examples.cs").Split("// <inspector>\n")[1].Split("        // </inspector>")[0];

        Assert.Contains($"```csharp\n{string.Join('\n', example.Split('\n').Select(static line => line.Length >= 8 ? line[8..] : line))}```", Text(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_OptionsTable_NamesEveryOption() =>
        Assert.All(typeof(SessionInspectorOptions).GetProperties(), static option => Assert.Contains($"| `{option.Name}` |", Text("docs/inspector.md"), StringComparison.Ordinal));

    private static string Text(string path) => File.ReadAllText(Path.Combine(Repository.Root, path)).ReplaceLineEndings("\n");
}
