using Microsoft.AspNetCore.Builder;

namespace Shadowcat.Sessions.Inspector.Tests.Documents;

/// <summary>The example of docs/inspector.md, so that it compiles and runs. <see cref="ExampleTests"/> holds the page to it.</summary>
internal static class Examples
{
    public static void Run(WebApplication app)
    {
        // <inspector>
        app.MapSessionInspector("/sessions").RequireAuthorization("operators");
        app.MapSessionInspector("/my-sessions", options => options.OwnerOnly = true).RequireAuthorization();    // each user sees his own alone
        // </inspector>
    }
}
