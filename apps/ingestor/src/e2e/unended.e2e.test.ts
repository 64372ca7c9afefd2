import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { documentOf, start, yamlOf } from '@tracebloc/ingestor-testing/command';

/** Replaces what opens files by what never answers, and leaves nothing that could happen. */
const NEVER =
  'data:text/javascript,import fs from "node:fs";import{syncBuiltinESMExports}from"node:module";' +
  'fs.promises.open=()=>new Promise(()=>{});syncBuiltinESMExports()';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ingestor-unended-'));
  await writeFile(join(folder, 'data.csv'), 'a,y\n1,p\n2,q\n');
  await writeFile(join(folder, 'ingest.yaml'), yamlOf({ csv: 'data.csv', schema: { a: 'INT' } }));
});
afterAll(() => rm(folder, { recursive: true }));

it('a command that waits for what can never come ends with an error of ours', async () => {
  const env = { NODE_OPTIONS: `--import=${NEVER.replaceAll(' ', '%20').replaceAll('"', '%22')}` };
  const ended = await start(['validate', '-c', 'ingest.yaml', '--json'], { env, cwd: folder }).ended;
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.stderr).toContain('Error: The command waits for something that can never come');
  expect(ended.stderr).not.toContain('top-level await');
  expect(documentOf(ended)).toMatchObject({ error: { code: 'unended' } });
});

it('a proxy that connects and then says nothing does not keep the process', async () => {
  const sockets: Socket[] = [];
  const proxy = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined).once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const ended = await start(['ingest', '-c', 'ingest.yaml'], {
    env: {
      ...{ CLIENT_ENV: 'prod', BACKEND_URL: 'https://backend.example.test', BACKEND_TOKEN: 'a-token-of-this-test' },
      ...{ BACKEND_RETRY_SECONDS: '0', HTTPS_PROXY: `http://127.0.0.1:${port}`, STORAGE_PATH: folder },
    },
    cwd: folder,
  }).ended;
  for (const socket of sockets) socket.destroy();
  proxy.close();
  expect(ended).toMatchObject({ code: 1 });
  expect(ended.seconds).toBeLessThan(40);
}, 60_000);
