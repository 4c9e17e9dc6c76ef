using System.Collections.ObjectModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shadowcat.Sessions;

/// <summary>How a store is: what it was found to be, what is wrong with it, and how bad that is. Immutable; each member that changes something returns another one.</summary>
/// <remarks>It is shown to whoever may look at the health of the application: nothing in it names a session, a host or a credential.</remarks>
public sealed class SessionStoreHealth
{
    private static readonly ReadOnlyDictionary<string, object> NoFacts = ReadOnlyDictionary<string, object>.Empty;

    private SessionStoreHealth(HealthStatus status, IReadOnlyList<string> problems, IReadOnlyDictionary<string, object> facts)
    {
        Status = status;
        Problems = problems;
        Facts = facts;
    }

    /// <summary>Nothing is wrong, and nothing is known yet.</summary>
    public static SessionStoreHealth Healthy { get; } = new(HealthStatus.Healthy, [], NoFacts);

    /// <summary>Healthy; degraded where it serves with restrictions, or may soon not; unhealthy where it does not do what it is for.</summary>
    public HealthStatus Status { get; }

    /// <summary>What is wrong, a sentence each; empty where nothing is.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>What was found, by names such as <c>server.version</c>: texts, numbers and truths.</summary>
    public IReadOnlyDictionary<string, object> Facts { get; }

    /// <summary>Asks a store how it is; one that cannot tell is asked for a session that does not exist.</summary>
    /// <param name="store">The store, or what is around it.</param>
    /// <param name="timeout">How long to wait for the server.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    public static ValueTask<SessionStoreHealth> OfAsync(ISessionStore store, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.GetService<ISessionStoreHealth>() is { } health
            ? health.CheckHealthAsync(timeout, cancellationToken)
            : ReadProbe.RunAsync(store, timeout, cancellationToken);
    }

    /// <summary>Adds a fact, or replaces the one of that name.</summary>
    /// <param name="fact">Its name: lower case, words divided by dots and underscores.</param>
    /// <param name="value">A text, a number or a truth; without ids, hosts and credentials.</param>
    public SessionStoreHealth With(string fact, object value)
    {
        ArgumentException.ThrowIfNullOrEmpty(fact);
        ArgumentNullException.ThrowIfNull(value);
        return new(Status, Problems, new Dictionary<string, object>(Facts, StringComparer.Ordinal) { [fact] = value }.AsReadOnly());
    }

    /// <summary>Adds a problem. It makes the status worse, never better.</summary>
    /// <param name="status">How bad it is: degraded or unhealthy.</param>
    /// <param name="problem">What is wrong: a sentence, without ids, hosts and credentials.</param>
    public SessionStoreHealth With(HealthStatus status, string problem)
    {
        ArgumentException.ThrowIfNullOrEmpty(problem);
        return new(status < Status ? status : Status, [.. Problems, problem], Facts);
    }

    /// <summary>Adds a problem by which the store does not do what it is for: it is unhealthy.</summary>
    /// <param name="problem">What is wrong: a sentence, without ids, hosts and credentials.</param>
    /// <param name="isOutage">Whether it is an outage, which is over by itself at some time.</param>
    public SessionStoreHealth Failed(string problem, bool isOutage) =>
        With(HealthFacts.Outage, isOutage && (Status != HealthStatus.Unhealthy || IsOutage)).With(HealthStatus.Unhealthy, problem);

    /// <summary>Whether outages are all that makes it unhealthy.</summary>
    internal bool IsOutage => Facts.TryGetValue(HealthFacts.Outage, out var outage) && outage is true;

    /// <summary>Says that the application is not as badly off as the store inside, because something around it makes up for that. The problems stay.</summary>
    /// <param name="status">The worst that the status may be.</param>
    public SessionStoreHealth NoWorseThan(HealthStatus status) => new(status > Status ? status : Status, Problems, Facts);

    /// <summary>The status and the problems, as one text.</summary>
    public override string ToString() => Problems.Count == 0 ? Status.ToString() : $"{Status}: {string.Join(' ', Problems)}";
}
