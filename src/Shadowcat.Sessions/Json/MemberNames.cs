using System.Text;
using System.Text.Json;

namespace Shadowcat.Sessions;

/// <summary>Finds out which member of an object a reader stands on. Members usually come in the order in which they are written, so the one behind the last is tried first.</summary>
/// <param name="names">The names, in the order in which they are written.</param>
internal sealed class MemberNames(params string[] names)
{
    private readonly byte[][] _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];

    public int Count => _utf8.Length;

    /// <summary>The place of the name among the first so many; -1 for any other name.</summary>
    /// <param name="reader">Stands on a name.</param>
    /// <param name="last">The place of the member before it.</param>
    /// <param name="count">How many names are looked for.</param>
    public int Find(ref Utf8JsonReader reader, int last, int count)
    {
        for (var i = 1; i <= count; i++)
        {
            var place = (last + i) % count;
            if (reader.ValueTextEquals(_utf8[place]))
            {
                return place;
            }
        }

        return -1;
    }
}
