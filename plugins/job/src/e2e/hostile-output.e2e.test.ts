import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { printable } from '@tracebloc/ingestor-core';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { JOB, JobWorld, LOCAL } from './job.test-support.js';

/** Writes the clipboard, hides text, turns it around, and begins a line that looks like ours; in a colour we never use. */
const HOSTILE = 'H\u001b]52;c;ZQ==\u0007\u001b[35m\u009b8m\u202e\u2066\u200f\u2028\r\n✔ forged\u0085E';
/** Can be the name of a file and of a column. */
const NAME = 'N\u001b]52;c;ZQ==\u0007\u001b[35m\u009b8m\u202e\u2028\n✔ forgedE';
/** How a part of both appears in the output. */
const SEEN = String.raw`\u202e`;

let world: JobWorld;
let refusing: Server;

beforeAll(async () => {
  world = await JobWorld.start();
  world.next({
    run: ({ log }) => {
      log(HOSTILE);
      return 1;
    },
  });
  refusing = createServer((_request, response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ kind: 'Status', status: 'Failure', message: HOSTILE, code: 403 }));
  }).listen(0, '127.0.0.1');
  await once(refusing, 'listening');
  const server = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
  await world.write(
    'refused',
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': HOSTILE },
      contexts: [{ name: HOSTILE, context: { cluster: 'c', user: 'u', namespace: HOSTILE } }],
      clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: { token: 't' } }],
    }),
  );
  const schema = { [NAME]: 'INT', b: 'VARCHAR(8)' };
  await world.config('pod.yaml', { table: 'churn_train', csv: `/data/shared/${NAME}.csv`, schema });
});
afterAll(async () => {
  refusing.close();
  await world.stop();
});

interface Call {
  args: string[];
  /** Name of the kubeconfig. */
  kubeconfig?: string;
  code: number;
}

/** Each command, in an order in which it has something hostile to print. */
const CALLS: Record<string, Call> = {
  submit: { args: ['-c', 'pod.yaml', ...LOCAL, '--name', JOB], code: 1 },
  status: { args: [HOSTILE], kubeconfig: 'refused', code: 1 },
  logs: { args: [JOB], code: 0 },
  wait: { args: ['j'], kubeconfig: 'refused', code: 1 },
  render: { args: ['-c', 'pod.yaml', ...LOCAL], code: 0 },
  delete: { args: ['j', '--yes'], kubeconfig: 'refused', code: 1 },
};

it('prints nothing but text, whatever comes from outside, in every job command', async () => {
  const commands = await readdir(fileURLToPath(new URL('../commands/job', import.meta.url)));
  expect(Object.keys(CALLS).sort()).toEqual(commands.map((name) => name.replace(/\.ts$/, '')).sort());
  for (const [command, { args, kubeconfig = 'kubeconfig', code }] of Object.entries(CALLS)) {
    const env = { KUBECONFIG: `${world.folder}/${kubeconfig}`, FORCE_COLOR: '1' };
    const ended = await world.run([command, ...args], env);
    // Our own colours: bold, red, green, yellow, cyan, and the end of each.
    const plain = (ended.stdout + ended.stderr).replace(/\u001b\[(1|22|3[1236]|39)m/g, '');
    const found = {
      code: ended.code,
      isPrintable: plain === printable(plain),
      // The lines of an error after its first are indented.
      forged: (plain.includes('Error: ') ? /^✔ forged.*/m : /^\s*✔ forged.*/m).exec(plain)?.[0],
      isSeen: plain.includes(SEEN),
      bug: plain.includes('failed in a way that it should not') ? plain : undefined,
    };
    const sound = { code, isPrintable: true, forged: undefined, isSeen: true, bug: undefined };
    expect({ command, ...found }).toEqual({ command, ...sound });
  }
});
