namespace Shadowcat.Sessions.Inspector;

/// <summary>Takes a search apart: words between blanks, <c>field:value</c>, text between quotation marks, and a minus for what must not be.</summary>
internal static class SearchTerms
{
    private const int MaxLength = 2000;

    /// <summary>Each is compared with every session that is looked at.</summary>
    private const int MaxTerms = 32;

    /// <exception cref="ProblemException">A quotation mark is not closed, a field has no value, or the search is too long.</exception>
    public static IReadOnlyList<SearchTerm> Parse(string search)
    {
        if (search.Length > MaxLength)
        {
            throw Problem.BadRequest("The search is too long", $"A search has at most {MaxLength} characters; this one has {search.Length}.");
        }

        var terms = new List<SearchTerm>();
        for (var place = 0; place < search.Length;)
        {
            if (char.IsWhiteSpace(search[place]))
            {
                place++;
            }
            else if (terms.Count == MaxTerms)
            {
                throw Problem.BadRequest("The search is too long", $"A search has at most {MaxTerms} words. Put words that stand together between quotation marks.");
            }
            else
            {
                terms.Add(Next(search, ref place));
            }
        }

        return terms;
    }

    private static SearchTerm Next(string search, ref int place)
    {
        var begin = place;
        var isNegated = search[place] == '-' && place + 1 < search.Length && !char.IsWhiteSpace(search[place + 1]);
        place += isNegated ? 1 : 0;
        var field = FieldAt(search, place);
        place += field is null ? 0 : field.Length + 1;
        var value = place < search.Length && search[place] == '"' ? Quoted(search, begin, ref place) : Word(search, ref place);
        var term = new SearchTerm(field?.ToLowerInvariant(), value, isNegated, begin, place - begin);
        return value.Length > 0 || field is null ? term : throw term.Mistake($"'{field}:' needs a value behind the colon.");
    }

    private static string? FieldAt(string search, int place)
    {
        var end = place;
        while (end < search.Length && char.IsAsciiLetter(search[end]))
        {
            end++;
        }

        return end > place && end < search.Length && search[end] == ':' ? search[place..end] : null;
    }

    private static string Word(string search, ref int place)
    {
        var begin = place;
        while (place < search.Length && !char.IsWhiteSpace(search[place]))
        {
            place++;
        }

        return search[begin..place];
    }

    private static string Quoted(string search, int begin, ref int place)
    {
        var close = search.IndexOf('"', place + 1);
        if (close < 0)
        {
            throw new SearchTerm(null, "", false, begin, search.Length - begin).Mistake("A quotation mark is not closed: put one behind the text, too.");
        }

        var text = search[(place + 1)..close];
        place = close + 1;
        return text;
    }
}
