namespace Shadowcat.Sessions;

/// <summary>Something that an <see cref="ISessionBuffer"/> has taken in.</summary>
/// <typeparam name="T">What is known of it once it is stored.</typeparam>
public readonly record struct Accepted<T>
{
    /// <summary>Says when what was taken in is stored.</summary>
    /// <param name="stored">Completes when the store has it.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stored"/> is null.</exception>
    public Accepted(Task<T> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        Stored = stored;
    }

    /// <summary>Completes when the store has it; fails with a <see cref="SessionStoreException"/> where it never will. Nobody has to look at it.</summary>
    public Task<T> Stored { get; }
}
