using System.Globalization;
using System.Security.Cryptography;

namespace Shadowcat.Sessions.AspNetCore;

/// <summary>A stream of somebody's.</summary>
/// <param name="Number">What clients call it by: random, so that nobody guesses it.</param>
/// <param name="Name">What its frames are told by.</param>
internal readonly record struct EventStream(ulong Number, string Name)
{
    /// <summary>A stream never used.</summary>
    /// <param name="owner">Whose it is; null where nobody is authenticated.</param>
    public static EventStream New(SessionOwner? owner) => Of(NewNumber(), owner);

    /// <summary>A stream never used that its number does not lead to: it is somebody's, and nobody can say whose.</summary>
    public static EventStream NewUnresumable() => new(NewNumber(), StorableText.HashOf(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))));

    /// <summary>The stream of a number, if that is one of the owner's: in anybody else's hands the number makes a name that no frame has.</summary>
    public static EventStream Of(ulong number, SessionOwner? owner) => new(number, StorableText.HashOf(owner is null
        ? number.ToString("x16", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{number:x16}\n{owner.ClaimType}\n{owner.Issuer}\n{owner.Value}")));

    private static ulong NewNumber() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
}
