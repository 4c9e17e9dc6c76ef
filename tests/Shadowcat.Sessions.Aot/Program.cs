using Shadowcat.Sessions.Aot.Starting;

namespace Shadowcat.Sessions.Aot;

/// <summary>Calls every public member of the packages that work as native code, checks what comes back, and prints the size of the program and how soon it stores its first frame.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] args)
    {
        if (args is [FirstFrame.Command, var store])
        {
            await FirstFrame.StoreAsync(store);
            return 0;
        }

        try
        {
            await EveryCall.MakeAsync();
            await StartUp.PrintAsync();
            return 0;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync(exception.ToString());
            return 1;
        }
    }
}
