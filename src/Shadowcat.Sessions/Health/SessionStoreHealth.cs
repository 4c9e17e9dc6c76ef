using System.Collections.ObjectModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shadowcat.Sessions;

/// <summary>The health of a store: its status, what is wrong with it, and the facts that were found. Immutable; each member that changes something returns a copy.</summary>
/// <remarks>Whoever may look at the health of the application sees it, so nothing in it names a session, a host or a credential.</remarks>
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

    /// <summary>Healthy; degraded where it serves with restrictions, or may soon fail; unhealthy where it does not serve.</summary>
    public HealthStatus Status { get; }

    /// <summary>What is wrong, a sentence each; empty where nothing is.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>What was found, by names such as <c>server.version</c>: strings, numbers and booleans.</summary>
    public IReadOnlyDictionary<string, object> Facts { get; }

    /// <summary>Checks the health of a store. One that cannot report it (<see cref="ISessionStoreHealth"/>) is asked for a session that does not exist.</summary>
    /// <param name="store">The store, or a decorator around it.</param>
    /// <param name="timeout">How long to wait for the server.</param>
    /// <param name="cancellationToken">Stops the check.</param>
    /// <returns>The health. A store that does not serve is reported as such, never as an exception.</returns>
    /// <exception cref="ObjectDisposedException">The store has been disposed of.</exception>
    public static ValueTask<SessionStoreHealth> OfAsync(ISessionStore store, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.GetService<ISessionStoreHealth>() is { } health
            ? health.CheckHealthAsync(timeout, cancellationToken)
            : ReadProbe.RunAsync(store, timeout, cancellationToken);
    }

    /// <summary>Adds a fact, or replaces the one of that name.</summary>
    /// <param name="fact">Its name: lower case, with dots and underscores between words.</param>
    /// <param name="value">A string, a number or a boolean; without ids, hosts and credentials.</param>
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

    /// <summary>Adds a problem that makes the store unhealthy.</summary>
    /// <param name="problem">What is wrong: a sentence, without ids, hosts and credentials.</param>
    /// <param name="isOutage">Whether it is an outage, which ends without anybody doing something about it.</param>
    public SessionStoreHealth Failed(string problem, bool isOutage) =>
        With(HealthFacts.Outage, isOutage && (Status != HealthStatus.Unhealthy || IsOutage)).With(HealthStatus.Unhealthy, problem);

    /// <summary>Whether outages are all that makes it unhealthy.</summary>
    internal bool IsOutage => Facts.TryGetValue(HealthFacts.Outage, out var outage) && outage is true;

    /// <summary>Limits how bad the status is, because a decorator makes up for the problems of the store inside. The problems stay.</summary>
    /// <param name="status">The worst that the status may be.</param>
    public SessionStoreHealth NoWorseThan(HealthStatus status) => new(status > Status ? status : Status, Problems, Facts);

    /// <summary>The status and the problems, as one text.</summary>
    public override string ToString() => Problems.Count == 0 ? Status.ToString() : $"{Status}: {string.Join(' ', Problems)}";
}
