using System.Buffers;
using System.Collections.Frozen;

namespace Shadowcat.Sessions.Mcp;

/// <summary>Finds tokens by what their issuers begin them with.</summary>
internal static class KnownTokens
{
    private const int LongestLook = 64;
    private const int LongestWord = 16;
    private const int ShortestPart = 8;
    private const int RandomLength = 16;
    private const string Marks = "_-";
    private const string Bot = ":AA";

    /// <summary>What a token begins with, up to a mark and behind it, and how many characters follow at least.</summary>
    private static readonly (string Prefix, int MinLength)[] Tokens =
    [
        ("ghp_", 20), ("gho_", 20), ("ghu_", 20), ("ghs_", 20), ("ghr_", 20), ("github_pat_", 20),
        ("glpat-", 16), ("gldt-", 16), ("glrt-", 16), ("glcbt-", 16), ("glptt-", 16), ("glft-", 16), ("glagent-", 16), ("glsoat-", 16),
        ("sk-", 20), ("xai-", 20), ("gsk_", 20), ("pplx-", 20), ("r8_", 20), ("hf_", 20), ("GOCSPX-", 20),
        ("xoxb-", 10), ("xoxp-", 10), ("xoxa-", 10), ("xoxr-", 10), ("xoxs-", 10), ("xoxe-", 10), ("xapp-", 10),
        ("sk_live_", 10), ("sk_test_", 10), ("rk_live_", 10), ("rk_test_", 10), ("whsec_", 16),
        ("npm_", 30), ("pypi-", 20), ("dop_v1_", 32), ("doo_v1_", 32), ("dor_v1_", 32), ("shpat_", 20), ("shpca_", 20), ("shppa_", 20), ("shpss_", 20),
        ("lin_api_", 20), ("ntn_", 20), ("figd_", 20), ("glsa_", 20), ("glc_", 20),
        ("xkeysib-", 20), ("sntrys_", 20), ("sntryu_", 20), ("sq0atp-", 20), ("sq0csp-", 20), ("NRAK-", 20), ("PMAK-", 20), ("tskey-", 16), ("sbp_", 20),
        ("AGE-SECRET-KEY-", 20),
    ];

    /// <summary>Those that have no mark behind a word, or a full stop, which is too frequent for one.</summary>
    private static readonly (string Prefix, int MinLength)[] TokensWithoutMark =
    [
        ("AKIA", 16), ("ASIA", 16), ("ABIA", 16), ("ACCA", 16), ("AIza", 30), ("dapi", 32), ("ATATT3", 20), ("ATCTT3", 20), ("ATBB", 28),
        ("ya29.", 20), ("xoxe.", 10), ("SG.", 30), ("hvs.", 20), ("hvb.", 20), ("hvr.", 20), ("dp.pt.", 20),
    ];

    /// <summary>Addresses whose path is the credential.</summary>
    private static readonly string[] Addresses = ["hooks.slack.com/services/", "discord.com/api/webhooks/", "discordapp.com/api/webhooks/"];

    /// <summary>By what stands in front of the first mark.</summary>
    private static readonly FrozenDictionary<string, (string Prefix, int MinLength)[]> ByWord =
        Tokens.GroupBy(token => token.Prefix[..token.Prefix.AsSpan().IndexOfAny(Marks)]).ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (string Prefix, int MinLength)[]>.AlternateLookup<ReadOnlySpan<char>> ByWordSpan = ByWord.GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> MarkCharacters = SearchValues.Create(Marks);
    private static readonly SearchValues<string> UnmarkedValues = SearchValues.Create(
        [.. TokensWithoutMark.Select(token => token.Prefix), .. Addresses, Bot, JsonWebTokens.Beginning], StringComparison.Ordinal);

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.=");

    private static readonly SearchValues<char> WordCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    /// <summary>Cuts out tokens that begin with a word and a mark behind it.</summary>
    public static void Find(ref TextScan scan)
    {
        var text = scan.Text;
        var runEnd = 0;
        for (var position = 0; Next(text, position, out var mark);)
        {
            if (!MayBe(text, mark))
            {
                position = mark + 1;
                scan.Work++;
                continue;
            }

            var start = mark;
            while (start > position && mark - start <= LongestWord && WordCharacters.Contains(text[start - 1]))
            {
                start--;
            }

            scan.Work += mark - start + 1;
            position = mark + 1;
            if (TryFindToken(ref scan, start, mark, ref runEnd, out var end))
            {
                position = end;
            }
        }
    }

    /// <summary>Cuts out tokens that begin with a word alone, and returns whether there may be a JSON Web Token, which begins with one too.</summary>
    public static bool FindUnmarked(ref TextScan scan)
    {
        var mayHoldJwt = false;
        var text = scan.Text;
        var runEnd = 0;
        for (var position = 0; position < text.Length;)
        {
            var offset = text[position..].IndexOfAny(UnmarkedValues);
            if (offset < 0)
            {
                break;
            }

            var at = position + offset;
            position = at + 1;
            mayHoldJwt |= text[at] == JsonWebTokens.Beginning[0];
            if (text[at] == Bot[0] ? TryFindBot(ref scan, at, out var end)
                : TryFindAddress(ref scan, at, out end) || (IsStart(text, at) && TryFindToken(ref scan, at, TokensWithoutMark, ref runEnd, out end)))
            {
                position = end;
            }
        }

        return mayHoldJwt;
    }

    private static bool Next(ReadOnlySpan<char> text, int position, out int mark)
    {
        var offset = position < text.Length ? text[position..].IndexOfAny(MarkCharacters) : -1;
        mark = position + offset;
        return offset >= 0;
    }

    /// <summary>Excludes most marks cheaply: a dash has blanks around it.</summary>
    private static bool MayBe(ReadOnlySpan<char> text, int mark) =>
        mark > 0 && mark + 1 < text.Length && char.IsLetterOrDigit(text[mark + 1]) && WordCharacters.Contains(text[mark - 1]);

    private static bool IsStart(ReadOnlySpan<char> text, int at) => at == 0 || !char.IsLetterOrDigit(text[at - 1]) || IsEscape(text, at - 1);

    private static bool TryFindToken(ref TextScan scan, int start, int mark, ref int runEnd, out int end)
    {
        var text = scan.Text;
        end = 0;

        // In JSON that is read as a text, an escape may stand in front of it.
        return mark > start
            && (ByWordSpan.TryGetValue(text[start..mark], out var tokens) || (IsEscape(text, start) && ByWordSpan.TryGetValue(text[++start..mark], out tokens)))
            && TryFindToken(ref scan, start, tokens, ref runEnd, out end);
    }

    private static bool TryFindToken(ref TextScan scan, int at, (string Prefix, int MinLength)[] tokens, ref int runEnd, out int end)
    {
        var text = scan.Text;
        end = 0;
        foreach (var (prefix, minLength) in tokens)
        {
            if (!text[at..].StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            // The end of a run of such characters is looked for once, whatever begins within it.
            if (runEnd <= at)
            {
                var length = text[at..].IndexOfAnyExcept(TokenCharacters);
                runEnd = length < 0 ? text.Length : at + length;
                scan.Work += runEnd - at;
                runEnd = at + text[at..runEnd].TrimEnd(".-").Length;
            }

            end = runEnd;
            var token = text[Math.Min(at + prefix.Length, end)..end];
            scan.Work += Math.Min(token.Length, LongestLook);
            if (token.Length >= minLength && IsRandom(token[..Math.Min(token.Length, LongestLook)], minLength))
            {
                scan.Cut(at, end);
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a token is random, and not words that hyphens join: there is a digit, and one part is long.</summary>
    private static bool IsRandom(ReadOnlySpan<char> token, int minLength)
    {
        if (!token.ContainsAnyInRange('0', '9') || minLength < RandomLength)
        {
            return token.ContainsAnyInRange('0', '9');
        }

        var (longest, length) = (0, 0);
        foreach (var character in token)
        {
            length = character is '-' or '.' ? 0 : length + 1;
            longest = Math.Max(longest, length);
        }

        return longest >= ShortestPart;
    }

    private static bool TryFindAddress(ref TextScan scan, int at, out int end)
    {
        var text = scan.Text;
        foreach (var address in Addresses)
        {
            var start = at + address.Length;
            if (text[at..].StartsWith(address, StringComparison.Ordinal))
            {
                end = AddressCredentials.EndOfAddress(text, start);
                scan.Work += end - start;
                scan.Cut(start, end);
                return end > start;
            }
        }

        end = 0;
        return false;
    }

    /// <summary>The number of a bot and its secret: <c>123456789:AA…</c>.</summary>
    private static bool TryFindBot(ref TextScan scan, int colon, out int end)
    {
        const int Digits = 8, Secret = 35;
        var text = scan.Text;
        end = colon + 1 + Secret;
        if (colon < Digits || end > text.Length || text[colon + 1] != 'A' || text[colon + 2] != 'A'
            || text[(colon - Digits)..colon].IndexOfAnyExceptInRange('0', '9') >= 0 || text[colon..end][1..].IndexOfAnyExcept(TokenCharacters) >= 0)
        {
            return false;
        }

        scan.Work += Secret + Digits;
        var start = colon - Digits;
        while (start > 0 && colon - start < Digits * 2 && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        scan.Cut(start, end);
        return true;
    }

    private static bool IsEscape(ReadOnlySpan<char> text, int at) => at > 0 && text[at - 1] == '\\' && text[at] is 'n' or 'r' or 't';
}
