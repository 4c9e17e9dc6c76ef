namespace Shadowcat.Sessions.Tests.Conformance;

/// <summary>A decorator of one's own that changes nothing.</summary>
internal sealed class PlainDecorator(ISessionStore inner) : DelegatingSessionStore(inner);
