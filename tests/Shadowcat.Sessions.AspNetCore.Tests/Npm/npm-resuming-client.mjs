// A client of npm, of the revision 2025-11-25: calls a tool that ends the response, and answers when the client has come back once and found nothing.
// Arguments: a URL. Prints the answer, and how often a stream was resumed.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(join(process.env.SHADOWCAT_TEST_NPM, 'package.json'));
const load = name => import(pathToFileURL(require.resolve(`@modelcontextprotocol/sdk/client/${name}.js`)));
const { Client } = await load('index');
const { StreamableHTTPClientTransport } = await load('streamableHttp');

let resumed = 0;
const transport = new StreamableHTTPClientTransport(new URL(process.argv[2]), {
  requestInit: { headers: { 'X-Test-User': 'alice' } },
  fetch: (url, init) => {
    resumed += new Headers(init?.headers).has('last-event-id') ? 1 : 0;
    return fetch(url, init);
  },
});
const client = new Client({ name: 'npm-client', version: '1.0.0' }, {});
await client.connect(transport);

const result = await client.callTool({ name: 'much-later', arguments: {} });

await transport.terminateSession();
await client.close();
console.log(JSON.stringify({ text: result.content[0].text, resumed }));
