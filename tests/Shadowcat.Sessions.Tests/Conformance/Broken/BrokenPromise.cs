namespace Shadowcat.Sessions.Tests.Conformance.Broken;

/// <summary>A store that keeps every promise but one.</summary>
/// <param name="Suite">The suite that names the promise.</param>
/// <param name="Break">Puts what breaks it around a store that keeps all of them.</param>
/// <param name="Options">What becomes of the options that the store inside is given; null for nothing.</param>
internal sealed record BrokenPromise(string Suite, Func<InMemorySessionStore, ISessionStore> Break, Func<SessionStoreOptions, SessionStoreOptions>? Options = null);
