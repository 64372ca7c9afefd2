import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openCluster, type Cluster } from './cluster.js';
import { followLog, LINE_CHARACTERS, linesOf } from './log-source.js';

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

const MIB = 1024 * 1024;

async function* chunks(...texts: string[]): AsyncGenerator<string> {
  for (const text of texts) yield Promise.resolve(text);
}

describe('linesOf', () => {
  test.each([
    [['a\nb\n'], ['a', 'b']],
    [
      ['a', 'b\n', '\nc'],
      ['ab', '', 'c'],
    ],
    [
      ['\n\n', 'a'],
      ['', '', 'a'],
    ],
    [[''], []],
  ])('yields the lines of %j', async (texts, lines) => {
    expect(await all(linesOf(chunks(...texts)))).toEqual(lines);
  });

  test('cuts lines that are too long, and not those after them', async () => {
    const long = 'x'.repeat(LINE_CHARACTERS);
    const cut = `${long}…`;
    const texts = ['a', long, long, long, '\nb\n', `${long}y\n${long}\nc`];
    expect(await all(linesOf(chunks(...texts)))).toEqual([`a${long.slice(1)}…`, 'b', cut, long, 'c']);
  });

  test('does not keep a line without end in memory', async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<string> {
      for (; given < 64; given += 1) yield Promise.resolve('x'.repeat(MIB));
    }
    expect((await all(linesOf(endless()))).map(({ length }) => length)).toEqual([LINE_CHARACTERS + 1]);
    expect(given).toBe(64);
  });
});

describe('an answer of the API server without end', () => {
  let folder: string;
  let server: Server;
  let cluster: Cluster;
  let sent: number;

  const pour = (response: ServerResponse, status: number) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    const chunk = Buffer.alloc(MIB, ' ');
    const more = () => {
      while (!response.destroyed && sent < 1024 * MIB) {
        sent += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  };

  beforeEach(async () => {
    sent = 0;
    folder = await mkdtemp(join(tmpdir(), 'ingestor-kube-'));
    server = createServer((request, response) => pour(response, request.url!.includes('/log') ? 500 : 200));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const kubeconfig = join(folder, 'kubeconfig');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const names = { contexts: [{ name: 'x', context: { cluster: 'x', user: 'x' } }], 'current-context': 'x' };
    const config = {
      clusters: [{ name: 'x', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'x', user: {} }],
      ...names,
    };
    await writeFile(kubeconfig, JSON.stringify(config));
    cluster = await openCluster({ kubeconfig }, () => undefined);
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await rm(folder, { recursive: true });
  });

  test('is read only to its limit', async () => {
    await expect(cluster.listJobs()).rejects.toMatchObject({ code: 'kubernetes-answer-too-large' });
    expect(sent).toBeLessThan(128 * MIB);
  });

  test('to a request for a log becomes an error without a reason', async () => {
    const lines = cluster.log({ pod: 'p', container: 'c', follow: true }, new AbortController().signal);
    await expect(lines.next()).rejects.toThrow('could not get pods/log: 500 no reason is given');
    expect(sent).toBeLessThan(64 * MIB);
  });
});

test('a log whose connection switches to another protocol is an error', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  server.on('request', ({ socket }) =>
    socket
      .on('error', () => undefined)
      .write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
  );
  await once(server, 'listening');
  const config = new KubeConfig();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'x', server: url, skipTLSVerify: true }, { name: 'x' });
  const source = { namespace: 'n', pod: 'p', container: 'c', follow: true };
  await expect(followLog(config, source, new AbortController().signal).next()).rejects.toMatchObject({ status: 101 });
  await new Promise((resolve) => server.close(resolve));
});
