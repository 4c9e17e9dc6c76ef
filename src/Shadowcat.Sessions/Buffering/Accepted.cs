namespace Shadowcat.Sessions;

/// <summary>Something that an <see cref="ISessionBuffer"/> has taken in.</summary>
/// <typeparam name="T">What is known of it once it is stored.</typeparam>
/// <param name="Stored">Completes when the store has it; fails with a <see cref="SessionStoreException"/> where it never will. Nobody has to look at it.</param>
public readonly record struct Accepted<T>(Task<T> Stored);
