using StackExchange.Redis;

namespace Shadowcat.Sessions.Redis;

/// <summary>Makes the settings of a connection that the promises of the store rest on.</summary>
internal static class ConnectionSettings
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(250); // timeouts are only looked for on the heartbeat

    /// <summary>Sets how long connecting takes where the application does not say. It is called before the application has its say in code.</summary>
    /// <remarks>
    /// Where a handshake fails, the client library now and then waits out twice this time before it says so; the first call still has to be able to tell what is wrong. Who
    /// says another time has it.
    /// </remarks>
    public static void Propose(ConfigurationOptions configuration, RedisSessionStoreOptions options)
    {
        if (!Says(configuration, "connectTimeout"))
        {
            configuration.ConnectTimeout = Math.Min(configuration.ConnectTimeout, Math.Max(1, (int)options.OperationTimeout.TotalMilliseconds / 6));
        }
    }

    /// <summary>Sets what is not for the application to set.</summary>
    /// <returns>The settings that the application had made otherwise.</returns>
    public static IReadOnlyList<string> Impose(ConfigurationOptions configuration, RedisSessionStoreOptions options)
    {
        var timeout = (int)new RedisTimeouts(options).Longest.TotalMilliseconds;
        var asItComes = new ConfigurationOptions();
        var otherwise = new (string Name, bool IsSet)[]
        {
            ("abortConnect", Says(configuration, "abortConnect") && configuration.AbortOnConnectFail),
            ("connectRetry", Says(configuration, "connectRetry") && configuration.ConnectRetry != 1),
            ("asyncTimeout", Says(configuration, "asyncTimeout") && configuration.AsyncTimeout != timeout),
            ("syncTimeout", Says(configuration, "syncTimeout") && configuration.SyncTimeout != timeout),
            ("channelPrefix", !configuration.ChannelPrefix.IsNullOrEmpty),
            (nameof(configuration.HeartbeatInterval), configuration.HeartbeatInterval != asItComes.HeartbeatInterval && configuration.HeartbeatInterval != Heartbeat),
            (nameof(configuration.BacklogPolicy), configuration.BacklogPolicy != asItComes.BacklogPolicy && configuration.BacklogPolicy != BacklogPolicy.FailFast),
            (nameof(configuration.ReconnectRetryPolicy), configuration.ReconnectRetryPolicy.GetType() != asItComes.ReconnectRetryPolicy.GetType()),
        };

        // An outage at start-up is an outage like any other, and heals like one.
        configuration.AbortOnConnectFail = false;

        // After a first handshake that failed, the client library's own further tries may hang, and take the reason with them.
        configuration.ConnectRetry = 1;
        configuration.AsyncTimeout = timeout;
        configuration.SyncTimeout = timeout; // the client library also times its backlog by this one, for asynchronous calls too
        configuration.HeartbeatInterval = Heartbeat;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new ExponentialRetry(deltaBackOffMilliseconds: 50, maxDeltaBackOffMilliseconds: 500);

        // Scripts publish without it.
        configuration.ChannelPrefix = default;

        // Exceptions would otherwise name keys, and with them session ids.
        configuration.IncludeDetailInExceptions = false;
        return [.. otherwise.Where(static setting => setting.IsSet).Select(static setting => setting.Name)];
    }

    /// <summary>Whether a setting was made, be it as it comes by itself. Only the text of a configuration tells.</summary>
    private static bool Says(ConfigurationOptions configuration, string setting) =>
        configuration.ToString(includePassword: false).Split(',').Any(part => part.StartsWith(setting + "=", StringComparison.OrdinalIgnoreCase));
}
