using CsCheck;

namespace Shadowcat.Sessions.Tests.Fuzzing;

/// <summary>No id reaches a key that is not its own, and no text passes for an id or a token that is none.</summary>
public sealed class KeyFuzzTests
{
    private static readonly RedisLayout Layout = new("shadowcat", PartitionTags.Choose("shadowcat", 16));
    private const int OfPartition = 4;

    private static readonly RedisLayout One = new("shadowcat", [0]);

    [Fact]
    public void Keys_OfAnyTwoIds_AreTheirOwnAndInTheSlotOfTheirPartition()
    {
        Fuzz.Try(Gen.Select(Inputs.Ids, Inputs.Ids), ids =>
        {
            var keys = KeysOf(One, ids.Item1);
            Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
            Assert.DoesNotContain(RedisLayout.RecordKey("shadowcat").ToString(), keys);
            Assert.Equal(ids.Item1 == ids.Item2 ? keys.Length : OfPartition, keys.Intersect(KeysOf(One, ids.Item2), StringComparer.Ordinal).Count());

            var slot = SlotOf(Layout.PartitionOf(ids.Item1).Active.ToString());
            Assert.All(KeysOf(Layout, ids.Item1), key => Assert.Equal(slot, SlotOf(key)));
        });
    }

    [Fact]
    public void Text_Any_IsAnIdOnlyWhereAllOfItIsVisibleAscii()
    {
        Fuzz.Try(Gen.Frequency((1, Gen.String), (1, Inputs.Ids.Select(id => id.Value)), (1, Gen.Select(Inputs.Ids, Gen.Char, (id, more) => id.Value + more))), text =>
        {
            var isId = text.Length is >= 1 and <= SessionId.MaxLength && text.All(character => character is >= '!' and <= '~');

            Assert.Equal(isId, SessionId.TryParse(text, null, out var id));
            Assert.Equal(isId ? text : "", id.Value);
        });
    }

    [Fact]
    public void Token_Any_ComesBackAsItWas()
    {
        Fuzz.Try(Gen.Select(Inputs.Ids, Gen.Long, Gen.Enum<SessionOrder>()), place =>
        {
            var token = new PageToken(place.Item3, new SessionPlace(place.Item2, place.Item1));

            Assert.Equal(token, PageToken.Parse(token.ToString(), place.Item3));
        });
    }

    [Fact]
    public void Token_RandomOrMutated_IsRefusedOrAPlaceOfTheListing()
    {
        var tokens = Inputs.Ids.Select(id => System.Text.Encoding.ASCII.GetBytes(new PageToken(SessionOrder.NewestFirst, new SessionPlace(3, id)).ToString()));
        Fuzz.Try(Gen.Frequency((1, Gen.String), (3, Inputs.Mutated(tokens).Select(System.Text.Encoding.Latin1.GetString))), text =>
        {
            PageToken token;
            try
            {
                token = PageToken.Parse(text, SessionOrder.NewestFirst)!;
            }
            catch (ArgumentException)
            {
                return;
            }

            Assert.False(token.After.Id.IsDefault);
            Assert.Equal(token, PageToken.Parse(token.ToString(), SessionOrder.NewestFirst));
        });
    }

    private static string[] KeysOf(RedisLayout layout, SessionId id)
    {
        var partition = layout.PartitionOf(id);
        return
        [
            partition.Session(id).ToString(), partition.Frames(id, "0123456789abcdef").ToString(),
            partition.Active.ToString(), partition.Expiry.ToString(), partition.Index.ToString(), partition.Operations.ToString(),
        ];
    }

    private static int SlotOf(string key) => PartitionTags.SlotOf(key[(key.IndexOf('{') + 1)..key.IndexOf('}')]);
}
