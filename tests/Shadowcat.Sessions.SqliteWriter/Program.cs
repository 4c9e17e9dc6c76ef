using System.Globalization;
using System.Text;
using Shadowcat.Sessions;
using Shadowcat.Sessions.Sqlite;

// Appends numbered frames to a session, and says of each, once it is acknowledged, its number and its sequence. It is made to be killed.
if (args is not [var path, var id, var first, var count])
{
    await Console.Error.WriteLineAsync("Arguments: <file> <session id> <number of the first frame> <number of frames>");
    return 2;
}

await using var store = new SqliteSessionStore(path);
var session = new SessionId(id);
var begin = int.Parse(first, CultureInfo.InvariantCulture);
for (var number = begin; number < begin + int.Parse(count, CultureInfo.InvariantCulture); number++)
{
    var payload = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"n/{{number}}"}""");
    var sequence = await ((ISessionStore)store).AddFrameAsync(
        new MessageEnvelope(session, MessageDirection.ClientToServer, TransportType.Stdio, payload, DateTimeOffset.UtcNow));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {sequence}"));
}

return 0;
