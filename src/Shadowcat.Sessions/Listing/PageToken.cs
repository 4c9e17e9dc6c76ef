using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Shadowcat.Sessions;

/// <summary>Where a listing continues: after which place, in which order. It refers to nothing in a server, so it holds across restarts. For whoever writes a store.</summary>
public sealed record PageToken
{
    private const string Version = "2";
    private const string Oldest = "o";
    private const string Newest = "n";

    /// <summary>Names where a listing continues.</summary>
    /// <param name="order">The order of the listing.</param>
    /// <param name="after">The place of the last session that was looked at.</param>
    public PageToken(SessionOrder order, SessionPlace after)
    {
        Order = order;
        After = after;
    }

    /// <summary>The order of the listing.</summary>
    public SessionOrder Order { get; }

    /// <summary>The place of the last session that was looked at.</summary>
    public SessionPlace After { get; }

    /// <summary>Reads a token; null where there is none, which is the beginning.</summary>
    /// <param name="continuationToken">The text of the token; null where there is none.</param>
    /// <param name="order">The order that is asked for.</param>
    /// <exception cref="ArgumentException">It is not a token, or the token of a listing in another order.</exception>
    public static PageToken? Parse(string? continuationToken, SessionOrder order)
    {
        if (continuationToken is null)
        {
            return null;
        }

        var token = TryParse(continuationToken) ?? throw new ArgumentException("This is not a continuation token of this store.", nameof(continuationToken));
        return token.Order == order
            ? token
            : throw new ArgumentException(
                $"This continuation token is of a listing in the order {token.Order}; the filter says {order}. Give the filter of the first page with every page.", nameof(continuationToken));
    }

    /// <summary>The text of the token.</summary>
    public override string ToString() => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{Version}.{(Order == SessionOrder.NewestFirst ? Newest : Oldest)}.{After.Created}.{After.Id.Value}")));

    private static PageToken? TryParse(string text) =>
        text.Length <= 1024
        && Base64Url.IsValid(text)
        && Encoding.ASCII.GetString(Base64Url.DecodeFromChars(text)).Split('.', 4) is [Version, Oldest or Newest, _, _] parts
        && long.TryParse(parts[2], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var created)
        && SessionId.TryParse(parts[3], null, out var id)
            ? new PageToken(parts[1] == Newest ? SessionOrder.NewestFirst : SessionOrder.OldestFirst, new SessionPlace(created, id))
            : null;
}
