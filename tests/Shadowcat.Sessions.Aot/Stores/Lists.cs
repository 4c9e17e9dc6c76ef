namespace Shadowcat.Sessions.Aot.Stores;

/// <summary>What is enumerated, as a list.</summary>
internal static class Lists
{
    public static async Task<List<T>> OfAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (var item in items)
        {
            list.Add(item);
        }

        return list;
    }
}
