using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Makes the settings of a connection that the promises of the store rely on.</summary>
internal static class ConnectionSettings
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(250); // timeouts are only looked for on the heartbeat

    /// <summary>Sets the connect timeout where the configuration text does not. Called before the application configures the connection in code.</summary>
    /// <remarks>
    /// Where a handshake fails, the client library sometimes waits twice this time before it reports it. The first call still has to be able to report the reason within its
    /// timeout. A time that the application sets is kept.
    /// </remarks>
    public static void Propose(ConfigurationOptions configuration, RedisSessionStoreOptions options)
    {
        if (!IsSet(configuration, "connectTimeout"))
        {
            configuration.ConnectTimeout = Math.Min(configuration.ConnectTimeout, Math.Max(1, (int)options.OperationTimeout.TotalMilliseconds / 6));
        }
    }

    /// <summary>Sets what the application must not set.</summary>
    /// <returns>The settings of the application that are overridden.</returns>
    public static IReadOnlyList<string> Impose(ConfigurationOptions configuration, RedisSessionStoreOptions options)
    {
        var timeout = (int)new RedisTimeouts(options).Longest.TotalMilliseconds;
        var defaults = new ConfigurationOptions();
        var overridden = new (string Name, bool IsSet)[]
        {
            ("abortConnect", IsSet(configuration, "abortConnect") && configuration.AbortOnConnectFail),
            ("connectRetry", IsSet(configuration, "connectRetry") && configuration.ConnectRetry != 1),
            ("asyncTimeout", IsSet(configuration, "asyncTimeout") && configuration.AsyncTimeout != timeout),
            ("syncTimeout", IsSet(configuration, "syncTimeout") && configuration.SyncTimeout != timeout),
            ("channelPrefix", !configuration.ChannelPrefix.IsNullOrEmpty),
            (nameof(configuration.HeartbeatInterval), configuration.HeartbeatInterval != defaults.HeartbeatInterval && configuration.HeartbeatInterval != Heartbeat),
            (nameof(configuration.BacklogPolicy), configuration.BacklogPolicy != defaults.BacklogPolicy && configuration.BacklogPolicy != BacklogPolicy.FailFast),
            (nameof(configuration.ReconnectRetryPolicy), configuration.ReconnectRetryPolicy.GetType() != defaults.ReconnectRetryPolicy.GetType()),
        };

        // An outage at start-up is an outage like any other, and heals like one.
        configuration.AbortOnConnectFail = false;

        // After a first handshake that failed, further tries of the client library may hang, and hide the reason.
        configuration.ConnectRetry = 1;
        configuration.AsyncTimeout = timeout;
        configuration.SyncTimeout = timeout; // the client library also times its backlog by this one, for asynchronous calls too
        configuration.HeartbeatInterval = Heartbeat;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 50, maxDeltaBackOffMilliseconds: 500);

        // Scripts publish without a prefix.
        configuration.ChannelPrefix = default;

        // Else exceptions would name keys, and with them session ids.
        configuration.IncludeDetailInExceptions = false;
        return [.. overridden.Where(static setting => setting.IsSet).Select(static setting => setting.Name)];
    }

    /// <summary>Whether a setting was made, even to its default. Only the text of a configuration shows it.</summary>
    private static bool IsSet(ConfigurationOptions configuration, string setting) =>
        configuration.ToString(includePassword: false).Split(',').Any(part => part.StartsWith(setting + "=", StringComparison.OrdinalIgnoreCase));
}
