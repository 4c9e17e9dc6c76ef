using System.Globalization;
using System.Security.Cryptography;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>The identity of a stream.</summary>
/// <param name="Number">The number in its event ids. It is random, so that it cannot be guessed.</param>
/// <param name="Name">The name in its frames: a hash of the number and the owner.</param>
internal readonly record struct EventStream(ulong Number, string Name)
{
    /// <summary>A new stream.</summary>
    /// <param name="owner">The owner; null for an unauthenticated caller.</param>
    public static EventStream New(SessionOwner? owner) => Of(NewNumber(), owner);

    /// <summary>A new stream that cannot be resumed, since its owner has no identifying claim: its name does not follow from its number.</summary>
    public static EventStream NewUnresumable() => new(NewNumber(), StorableText.HashOf(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))));

    /// <summary>The stream of a number, as an owner asks for it. For any other owner the name is one that no frame has.</summary>
    public static EventStream Of(ulong number, SessionOwner? owner) => new(number, StorableText.HashOf(owner is null
        ? number.ToString("x16", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{number:x16}\n{owner.ClaimType}\n{owner.Issuer}\n{owner.Value}")));

    private static ulong NewNumber() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
