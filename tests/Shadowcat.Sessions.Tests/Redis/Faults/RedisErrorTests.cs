namespace Shadowcat.Sessions.Tests.Redis;

/// <summary>An error is read for what it is, whichever server says it and whatever stands around it. The lines are what the servers sent.</summary>
public sealed class RedisErrorTests
{
    private const string Sha = "3c44b7a40779a5c68a6e3920550ff76660a813aa";
    private const string Full = "command not allowed when used memory > 'maxmemory'.";

    [Theory]

    // Redis 6.0.16: what redis.call threw, and what redis.pcall gave and the script returned.
    [InlineData($"ERR Error running script (call to f_{Sha}): @user_script:1: @user_script: 1: -OOM {Full}", "OOM", Full)]
    [InlineData($"@user_script: 137: -OOM {Full}  ", "OOM", Full)]
    [InlineData($"ERR Error running script (call to f_{Sha}): @user_script:85: @user_script: 85: -READONLY You can't write against a read only replica.", "READONLY", "You can't write against a read only replica.")]
    [InlineData("@user_script: 85: -READONLY You can't write against a read only replica.", "READONLY", "You can't write against a read only replica.")]
    [InlineData($"ERR Error running script (call to f_{Sha}): @user_script:1: WRONGTYPE Operation against a key holding the wrong kind of value", "WRONGTYPE", "Operation against a key holding the wrong kind of value")]
    [InlineData($"ERR Error running script (call to f_{Sha}): @user_script:1: @user_script: 1: Unknown Redis command called from Lua script", RedisError.UnknownCommand, "Unknown Redis command called from Lua script")]
    [InlineData("@user_script: 1: Unknown Redis command called from Lua script", RedisError.UnknownCommand, "Unknown Redis command called from Lua script")]
    [InlineData($"ERR Error running script (call to f_{Sha}): @user_script:1: @user_script: 1: The user executing the script can't run this command or subcommand", RedisError.NotPermitted, "The user executing the script can't run this command or subcommand")]
    [InlineData("@user_script: 1: The user executing the script can't run this command or subcommand", RedisError.NotPermitted, "The user executing the script can't run this command or subcommand")]
    [InlineData("@user_script: 1: Wrong number of args calling Redis command From Lua script", "ERR", "Wrong number of args calling Redis command From Lua script")]

    // KeyDB.
    [InlineData($"Error running script (call to f_{Sha}): @user_script:85: @user_script: 85: -NOREPLICAS Not enough good replicas to write.", "NOREPLICAS", "Not enough good replicas to write.")]

    // Redis 7.0.15.
    [InlineData($"OOM {Full} script: {Sha}, on @user_script:1.", "OOM", Full)]
    [InlineData($"READONLY You can't write against a read only replica. script: {Sha}, on @user_script:1.", "READONLY", "You can't write against a read only replica.")]
    [InlineData($"NOREPLICAS Not enough good replicas to write. script: {Sha}, on @user_script:1.", "NOREPLICAS", "Not enough good replicas to write.")]
    [InlineData($"ERR Unknown Redis command called from script script: {Sha}, on @user_script:1.", RedisError.UnknownCommand, "Unknown Redis command called from script")]
    [InlineData($"ERR The user executing the script can't run this command or subcommand script: {Sha}, on @user_script:1.", RedisError.NotPermitted, "The user executing the script can't run this command or subcommand")]
    [InlineData("ERR The user executing the script can't publish to the channel mentioned in the command", RedisError.NotPermitted, "The user executing the script can't publish to the channel mentioned in the command")]
    [InlineData("NOPERM this user has no permissions to run the 'evalsha' command", RedisError.NotPermitted, "this user has no permissions to run the 'evalsha' command")]

    // Redis 8.0.2 and Valkey 8.1.1.
    [InlineData($"ERR ACL failure in script: User default has no permissions to run the 'rename' command script: {Sha}, on @user_script:1.", RedisError.NotPermitted, "ACL failure in script: User default has no permissions to run the 'rename' command")]
    [InlineData("ERR ACL failure in script: No permissions to access a channel", RedisError.NotPermitted, "ACL failure in script: No permissions to access a channel")]
    [InlineData("NOPERM User default has no permissions to run the 'evalsha' command", RedisError.NotPermitted, "User default has no permissions to run the 'evalsha' command")]
    [InlineData("ERR Unknown command called from script", RedisError.UnknownCommand, "Unknown command called from script")]

    // Garnet puts a general ERR in front.
    [InlineData($"ERR OOM {Full}", "OOM", Full)]
    [InlineData("ERR Lua encountered an error: WRONGTYPE Operation against a key holding the wrong kind of value.", "WRONGTYPE", "Operation against a key holding the wrong kind of value.")]

    // Outside of scripts.
    [InlineData("ERR max number of clients reached", RedisError.MaxClients, "max number of clients reached")]
    [InlineData("ERR unknown command 'foo', with args beginning with: 'bar' ", RedisError.UnknownCommand, "unknown command 'foo', with args beginning with: 'bar'")]
    [InlineData("DENIED Redis is running in protected mode because protected mode is enabled", "DENIED", "Redis is running in protected mode because protected mode is enabled")]
    [InlineData("NOSCRIPT No matching script. Please use EVAL.", "NOSCRIPT", "No matching script. Please use EVAL.")]
    [InlineData("MOVED 3999 127.0.0.1:6381", "MOVED", "3999 127.0.0.1:6381")]
    [InlineData("Key has MOVED but CommandFlags.NoRedirect was specified - redirect not followed. ", "MOVED", "Key has MOVED but CommandFlags.NoRedirect was specified - redirect not followed.")]
    [InlineData("ERR something nobody foresaw", "ERR", "something nobody foresaw")]
    [InlineData("", "ERR", "")]
    public void Parse_WhatAServerSaid_GivesCodeAndMessage(string text, string code, string message) =>
        Assert.Equal((code, message), (RedisError.Parse(text).Code, RedisError.Parse(text).Message));

    [Theory]
    [InlineData("NOPERM this user has no permissions to run the 'evalsha' command or its subcommand", "EVALSHA", true)]
    [InlineData("ERR ACL failure in script: User default has no permissions to run the 'rename' command", "RENAME", true)]
    [InlineData("NOPERM User x has no permissions to run the 'client|id' command", "CLIENT ID", true)]
    [InlineData("ERR unknown command `FOO`, with args beginning with: `bar`, ", "FOO", true)]
    [InlineData("@user_script: 1: The user executing the script can't run this command or subcommand", null, true)]
    [InlineData("NOPERM this user has no permissions to access one of the keys used as arguments", null, false)]
    [InlineData("NOPERM No permissions to access a key", null, false)]
    [InlineData("ERR ACL failure in script: No permissions to access a channel", null, false)]
    [InlineData("ERR The user executing the script can't publish to the channel mentioned in the command", null, false)]
    [InlineData("NOPERM this user has no permissions to access one of the channels used as arguments", null, false)]
    [InlineData("READONLY You can't write against a read only replica.", null, false)]
    public void Command_Refused_IsNamed(string text, string? command, bool isMissing) =>
        Assert.Equal((command, isMissing), (RedisError.Parse(text).Command, RedisError.Parse(text).IsCommandMissing));
}
