// A client of npm's @modelcontextprotocol/sdk: talks to the server on its command line, a program or an address, and prints what it got to hear.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.SHADOWCAT_TEST_NPM, 'package.json'));
const load = name => import(pathToFileURL(require.resolve(`@modelcontextprotocol/sdk/${name}`)));
const { Client } = await load('client/index.js');
const { StdioClientTransport } = await load('client/stdio.js');
const { StreamableHTTPClientTransport } = await load('client/streamableHttp.js');

const [command, ...args] = process.argv.slice(2);
const client = new Client({ name: 'npm-client', version: '1.0.0' });
const transport = command.startsWith('http')
  ? new StreamableHTTPClientTransport(new URL(command))
  : new StdioClientTransport({ command, args, env: process.env, stderr: 'ignore' });
await client.connect(transport);

const heard = {
  server: client.getServerVersion(),
  capabilities: client.getServerCapabilities(),
  instructions: client.getInstructions(),
  tools: await client.listTools(),
  prompts: await client.listPrompts(),
  templates: await client.listResourceTemplates(),
  echo: await client.callTool({ name: 'echo', arguments: { message: 'hëllo ✓\u2028\n' } }),
  sum: await client.callTool({ name: 'get-sum', arguments: { a: 40, b: 2 } }),
  image: await client.callTool({ name: 'get-tiny-image', arguments: {} }),
  big: await client.callTool({ name: 'echo', arguments: { message: 'x'.repeat(300000) } }),
  progress: [],
};
heard.slow = await client.callTool(
  { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 2 } },
  undefined,
  { onprogress: progress => heard.progress.push(progress) });
// Whether the SDK still reports the last step depends on how close to it the result arrives: only the first is sure.
heard.progress.length = 1;
heard.invalid = await client.callTool({ name: 'get-sum', arguments: { a: 'no number' } }).catch(error => `${error}`);
heard.unknown = await client.getPrompt({ name: 'no-such-prompt' }).catch(error => `${error}`);
await transport.terminateSession?.();
await client.close();

console.log(JSON.stringify(heard, null, 1));
