import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Command } from '@oclif/core';
import { printable } from '@tracebloc/ingestor-core';
import { startFakeBackend, type FakeBackend } from '@tracebloc/ingestor-testing';
import { loadHost } from '../plugins/host.js';
import { type Env, yamlOf } from '@tracebloc/ingestor-testing/command';
import { runAll, type Called } from './many-commands.test-support.js';

/** Writes the clipboard, hides text, reverses it, and begins a line that looks like ours, in a colour we never use. */
const HOSTILE = 'H\u001b]52;c;ZQ==\u0007\u001b[35m\u009b8m\u202e\u2066\u200f\u2028\r\n✔ forged\u0085E';
/** A hostile text that can be the name of a column. */
const NAME = 'N\u001b]52;c;ZQ==\u0007\u001b[35m\u009b8m\u202e\u2028\n✔ forgedE';
const SEEN = String.raw`\u202e`;

let folder: string;
let backend: FakeBackend;
let database: Server;

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const port = (server: Server) => String((server.address() as AddressInfo).port);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-hostile-'));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const rows = [`1,x,${quoted(HOSTILE)}`, `2,z,${quoted(HOSTILE)}`, '3,x,q', '4,x,q'];
  await write(`${NAME}.csv`, [`${quoted(NAME)},b,y`, ...rows, ''].join('\n'));
  await write('bad.csv', [`${quoted(NAME)},b,y`, `${quoted(HOSTILE)},far too long,p`, ''].join('\n'));
  const schema = { [NAME]: 'INT', b: 'VARCHAR(8)' };
  await write('good.yaml', yamlOf({ table: 'good', csv: `${NAME}.csv`, schema }));
  await write('other.yaml', yamlOf({ table: 'good', csv: `${NAME}.csv`, schema: { b: 'VARCHAR(8)' } }));
  await write('bad.yaml', yamlOf({ table: 'bad', csv: 'bad.csv', schema }));
  await write('wrong.yaml', yamlOf({ table: HOSTILE, intent: HOSTILE }));
  backend = await startFakeBackend();
  backend.fail({ match: /./, times: Infinity, status: 403, body: HOSTILE });
  database = createServer((socket) => socket.end(refusal(HOSTILE))).listen(0, '127.0.0.1');
  await once(database, 'listening');
});
afterAll(async () => {
  database.close();
  await Promise.all([backend.stop(), rm(folder, { recursive: true })]);
});

/** Returns an error packet of MySQL, which replaces the greeting. */
function refusal(message: string): Buffer {
  const body = Buffer.concat([Buffer.from([0xff, 0x51, 0x04]), Buffer.from(`#08004${message}`)]);
  return Buffer.concat([Buffer.from([body.length, body.length >> 8, 0, 0]), body]);
}

type Call = Called & {
  /** Whether the command prints hostile text, which must then appear in its printable form. */
  isHostile: boolean;
  code: number;
};

/** Calls of each command of the host, in an order in which they find something to print. */
function attacks(): Record<string, Call[]> {
  const env: Env = {
    CLIENT_ENV: 'local',
    STORAGE_PATH: folder,
    FORCE_COLOR: '1',
    TITLE: '\u202eH',
    LOG_LEVEL: 'DEBUG',
  };
  const url = { CLIENT_ENV: 'prod', BACKEND_URL: backend.url, BACKEND_TOKEN: 't', BACKEND_RETRY_SECONDS: '0' };
  const server = { MYSQL_HOST: '127.0.0.1', MYSQL_PORT: port(database), DB_PASSWORD: 'p' };
  const of = (line: string, more: { args?: string[]; env?: Env; isHostile?: boolean; code?: number } = {}): Call => ({
    args: [...line.split(' '), ...(more.args ?? [])],
    env: { ...env, ...more.env },
    isHostile: more.isHostile ?? true,
    code: more.code ?? 0,
  });
  return {
    validate: [
      of('validate -c bad.yaml', { code: 3 }),
      of('validate -c bad.yaml --json', { code: 3 }),
      of('validate -c wrong.yaml', { code: 2 }),
    ],
    ingest: [
      of('ingest -c good.yaml'),
      of('ingest -c good.yaml --json'),
      of('ingest -c other.yaml', { code: 1 }),
      of('ingest -c good.yaml', { env: { ...url, DB_NAME: 'other' }, code: 1 }),
      of('ingest -c good.yaml', { env: server, code: 1 }),
      of('ingest', { args: [`--${HOSTILE}`], code: 2 }),
    ],
    'config:show': [of('config show -c good.yaml'), of('config show -c wrong.yaml', { code: 2 })],
    'config:schema': [of('config schema', { isHostile: false })],
    'datasets:list': [of('datasets list', { isHostile: false }), of('datasets list --json')],
    'datasets:show': [
      of('datasets show good'),
      of('datasets show good --json'),
      of('datasets show', { args: [HOSTILE], code: 1 }),
    ],
    'datasets:verify': [
      of('datasets verify good', { isHostile: false }),
      of('datasets verify', { args: [HOSTILE], code: 1 }),
    ],
    'datasets:delete': [
      of('datasets delete', { args: [HOSTILE], code: 2 }),
      of('datasets delete --yes', { args: [HOSTILE], code: 1 }),
      of('datasets delete good --yes', { isHostile: false }),
    ],
    'runs:list': [
      of('runs list', { isHostile: false }),
      of('runs list --table', { args: [HOSTILE], isHostile: false }),
    ],
    'runs:show': [of('runs show', { args: [HOSTILE], code: 1 })],
    'runs:clean': [of('runs clean --dry-run', { isHostile: false }), of('runs clean --yes', { env: server, code: 1 })],
    init: [
      of('init --label y --dry-run', { args: [`${NAME}.csv`] }),
      of('init --dry-run --json --label y', { args: [`${NAME}.csv`] }),
      of('init --dry-run --label', { args: [HOSTILE, `${NAME}.csv`], code: 2 }),
      of('init', { args: [HOSTILE], code: 2 }),
    ],
    split: [
      of('split --label y', { args: [`${NAME}.csv`] }),
      of('split --label', { args: [HOSTILE, 'bad.csv'], code: 3 }),
    ],
    tasks: [of('tasks', { args: [HOSTILE], code: 2 })],
    plugins: [of('plugins', { isHostile: false }), of('plugins', { args: [HOSTILE], code: 2 })],
    'plugins:install': [of('plugins install', { args: [`./${HOSTILE}.tgz`], code: 2 })],
  };
}

it('no command prints more than text, whatever its inputs contain', async () => {
  const host = await loadHost(fileURLToPath(new URL('../..', import.meta.url)));
  const isOwn = ({ pluginName, id, aliases }: Command.Loadable) => pluginName === host.name && !aliases.includes(id);
  const own = host.commands.filter(isOwn).map(({ id }) => id);
  const calls = attacks();
  expect(Object.keys(calls).sort()).toEqual(own.sort());
  const called = Object.values(calls).flat();
  const outputs = await runAll(called, folder, { FORCE_COLOR: '1' });
  const findings = called.map(({ args, isHostile }, index) => {
    const { stdout, stderr, code } = outputs[index]!;
    // The colours that we use: bold, red, green, yellow, cyan, and the end of each.
    const plain = (stdout + stderr).replace(/\u001b\[(1|22|3[1236]|39)m/g, '');
    // The later lines of an error are indented, and so are those of a text in YAML.
    const mayBeIndented = plain.includes('Error: ') || args[0] === 'init';
    return {
      args,
      code,
      unprintable: plain === printable(plain) ? '' : plain,
      forged: (mayBeIndented ? /^✔ forged.*/m : /^\s*✔ forged.*/m).exec(plain)?.[0] ?? '',
      seen: isHostile ? plain.includes(SEEN) || plain : true,
      bug: plain.includes('failed in a way that it should not') && plain,
    };
  });
  const sound = called.map(({ args, code }) => ({ args, code, unprintable: '', forged: '', seen: true, bug: false }));
  expect(findings).toEqual(sound);
});
