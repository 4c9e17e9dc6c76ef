// A client of npm: talks to the server on its command line, and prints every message that it sent and received.
// Arguments: 'sdk' (revision 2025-11-25) or 'client' (2026-07-28, older ones where the server has nothing else), a name, then a URL or a command.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.SHADOWCAT_TEST_NPM, 'package.json'));
const load = name => import(pathToFileURL(require.resolve(`@modelcontextprotocol/${name}`)));

const [flavour, name, server, ...args] = process.argv.slice(2);
const isOlder = flavour === 'sdk';
const { Client } = await load(isOlder ? 'sdk/client/index.js' : 'client');
const { StdioClientTransport } = await load(isOlder ? 'sdk/client/stdio.js' : 'client/stdio');
const { StreamableHTTPClientTransport } = await load(isOlder ? 'sdk/client/streamableHttp.js' : 'client');

const transport = server.startsWith('http')
  ? new StreamableHTTPClientTransport(new URL(server), { requestInit: { headers: { 'X-Test-User': name } } })
  : new StdioClientTransport({ command: server, args, env: process.env, stderr: 'inherit' });
const seen = { sent: [], received: [] };
const send = transport.send.bind(transport);
transport.send = (message, options) => {
  seen.sent.push(message);
  return send(message, options);
};
let receive;
Object.defineProperty(transport, 'onmessage', {
  get: () => receive,
  set: handler => {
    receive = handler && ((message, extra) => {
      seen.received.push(message);
      return handler(message, extra);
    });
  },
});

const client = new Client({ name, version: '1.0.0' }, isOlder ? {} : { versionNegotiation: { mode: 'auto' } });
await client.connect(transport);
await client.listTools();
await client.callTool({ name: 'echo', arguments: { text: 'hëllo ✓\u2028 "quoted" <&>\n' } });
await Promise.all([1, 2, 3].map(i => client.callTool({ name: 'echo', arguments: { text: `${i}` } })));
const count = { name: 'count', arguments: { steps: 3 } };
const onprogress = () => {};
await (isOlder ? client.callTool(count, undefined, { onprogress }) : client.callTool(count, { onprogress }));
await client.callTool({ name: 'no-such-tool', arguments: {} }).catch(() => {});
await transport.terminateSession?.();
await client.close();

// Whether the question for the server's revisions goes through the transport depends on the transport.
const isProbe = message => `${message.id}`.startsWith('server-discover-probe');
console.log(JSON.stringify({ sent: seen.sent.filter(message => !isProbe(message)), received: seen.received.filter(message => !isProbe(message)) }));
