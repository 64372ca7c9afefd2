import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import assert from 'node:assert/strict';
import type { World } from '../world.ts';

export const attack =
  'a backend that answers with 6 GB, as they are or as 6 MB of gzip, with 200 or 500, takes no memory';

const MIB = 1024 * 1024;
const BODY_MIB = 6 * 1024;
/** An ingest of three rows takes about 130 MB. */
const MOST_RSS_MB = 300;

const zeros = Buffer.alloc(64 * MIB);
// A concatenation of gzip files is a gzip file of the concatenated contents.
const BOMB = Buffer.concat(new Array(BODY_MIB / 64).fill(gzipSync(zeros, { level: 9 })));

const BODIES: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
  async plain(response) {
    for (let sent = 0; sent < BODY_MIB && !response.destroyed; sent += 64) {
      if (!response.write(zeros)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
  },
  async gzip(response) {
    response.end(BOMB);
  },
};

export async function run(world: World): Promise<object> {
  await writeFile(join(world.folder, 'rows.csv'), 'a,label\n1,x\n2,y\n3,x\n');
  const figures: Record<string, number> = {};
  for (const [kind, send] of Object.entries(BODIES)) {
    for (const status of [200, 500]) {
      const server = createServer((request, response) => {
        const encoding = kind === 'gzip' ? { 'content-encoding': 'gzip' } : {};
        response.writeHead(status, { 'content-type': 'application/json', ...encoding });
        request.resume().on('end', () => void send(response));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { code, stderr, rssMb } = await world.run(
        [
          ...['ingest', '--task', 'tabular_classification', '--table', `t_${kind}_${status}`, '--intent', 'train'],
          ...['--label-file', 'rows.csv', '--label', 'label', '--schema', 'a: INT'],
        ],
        {
          env: {
            CLIENT_ENV: 'prod',
            BACKEND_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
            BACKEND_TOKEN: 'token-of-this-attack',
            BACKEND_RETRY_SECONDS: '0',
          },
          timeoutMs: 60_000,
        },
      );
      server.closeAllConnections();
      server.close();
      assert.equal(code, 1, stderr);
      assert.match(stderr, status === 200 ? /with 200 OK and more than 1 MiB/ : /500 Internal Server Error/);
      assert.ok(rssMb < MOST_RSS_MB, `${kind} ${status}: ${rssMb} MB`);
      figures[`${kind}_${status}_rss_mb`] = Math.round(rssMb);
    }
  }
  return figures;
}
