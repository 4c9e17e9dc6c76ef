using System.Runtime.CompilerServices;
using Shadowcat.Sessions.Aot.Authoring;
using Shadowcat.Sessions.Aot.Mcp;
using Shadowcat.Sessions.Aot.Model;
using Shadowcat.Sessions.Aot.Registration;
using Shadowcat.Sessions.Aot.Stores;
using Shadowcat.Sessions.Servers;

namespace Shadowcat.Sessions.Aot;

/// <summary>Makes every call, part by part.</summary>
internal static class EveryCall
{
    public static async Task MakeAsync()
    {
        var folder = Directory.CreateTempSubdirectory("shadowcat-aot-");
        try
        {
            await using var redis = await RedisProcess.LaunchAsync();
            await RunAsync("model", ModelCalls.MakeAsync);
            await RunAsync("errors", ErrorCalls.MakeAsync);
            await RunAsync("JSON", JsonCalls.MakeAsync);
            await RunAsync("stores", () => OpenStores.MakeAsync(folder, redis));
            await RunAsync("archives", () => ArchiveCalls.MakeAsync(folder));
            await RunAsync("for authors of stores", AuthorCalls.MakeAsync);
            await RunAsync("registration", () => RegistrationCalls.MakeAsync(folder, redis));
            await RunAsync("packages of others", PackageCalls.MakeAsync);
            await RunAsync("redaction and correlation", MessageCalls.MakeAsync);
            await RunAsync("recording", RecorderCalls.MakeAsync);
            await RunAsync("client and server", ConversationCalls.MakeAsync);
            Console.WriteLine($"{Check.Count} checks held, as {(RuntimeFeature.IsDynamicCodeSupported ? "compiled at run time" : "native code")}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RunAsync(string part, Func<Task> calls)
    {
        var before = Check.Count;
        await calls();
        Console.WriteLine($"{part}: {Check.Count - before} checks");
    }
}
