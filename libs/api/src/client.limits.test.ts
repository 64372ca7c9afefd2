import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { clientOf, dataset, errorOf, loginCredentials, records } from './client.test-support.js';
import { ANSWER_BYTES } from './http/answer-body.js';

const { signal } = new AbortController();
const MIB = 1024 * 1024;
/** Bytes: more than every limit plus the buffers of a socket, but few enough for the memory if a limit fails. */
const ENDLESS = 256 * MIB;

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Starts a backend that gives every request the same answer and counts the requests and the bytes that were read. */
async function backend(answer: (response: ServerResponse) => void) {
  const seen = { requests: 0, taken: 0 };
  server = createServer((request, response) => {
    seen.requests += 1;
    const { socket } = response;
    response.on('close', () => (seen.taken += socket!.bytesWritten));
    request.resume().on('end', () => answer(response));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** Sends a body of `ENDLESS` bytes, or as much of it as the client reads. */
function pour(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  const chunk = Buffer.alloc(MIB, 'x');
  let sent = 0;
  const more = () => {
    while (!response.destroyed && sent < ENDLESS) {
      sent += chunk.length;
      if (!response.write(chunk)) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

/** Sends compressed zeros, which expand to a thousand times their size. */
function pourCompressed(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  response.end(gzipSync(Buffer.alloc(64 * MIB), { level: 9 }));
}

/** Sends compressed empty blocks, which expand to nothing. */
function pourNothing(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
  response.write(gzipSync('').subarray(0, 10));
  const emptyBlock = Buffer.from([0, 0, 0, 0xff, 0xff]);
  response.end(Buffer.alloc(8 * MIB, emptyBlock));
}

describe('an endless answer', () => {
  test.each([
    ['uncompressed', pour],
    ['compressed', pourCompressed],
    ['of empty compressed blocks', pourNothing],
  ])('is refused if the outcome is in its body, %s', async (_how, send) => {
    const { url, seen } = await backend((response) => send(response, 200));
    for (const call of [
      () => clientOf({ url }).createDataset(dataset, 'Churn', true, signal),
      () => clientOf({ url }, { credentials: loginCredentials() }).signIn(signal),
    ]) {
      const error = await errorOf(call());
      expect(error).toMatchObject({ code: 'backend-answer-too-large', exitCode: 1 });
      expect(error.message).toMatch(/^The backend answered POST \/\S+ with 200 OK and more than 1 MiB/);
    }
    expect(seen.requests).toBe(2);
    expect(seen.taken).toBeLessThan(ENDLESS / 4);
  });

  test.each([
    ['uncompressed', pour],
    ['compressed', pourCompressed],
  ])('is cut off if only the status counts, %s', async (_how, send) => {
    const { url, seen } = await backend((response) => send(response, 201));
    await clientOf({ url }).sendRecords(dataset, records, signal);
    await clientOf({ url }).sendMetadata(dataset, {}, {}, signal);
    expect(seen.requests).toBe(2);
    expect(seen.taken).toBeLessThan(ENDLESS / 4);
  });

  test.each([
    [500, 'backend-unavailable', 4],
    [404, 'backend-refused', 1],
  ])('with status %d fails as that status does', async (status, code, requests) => {
    const { url, seen } = await backend((response) => pour(response, status));
    const error = await errorOf(clientOf({ url }).sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code });
    expect(error.message.length).toBeLessThan(700);
    expect(seen.requests).toBe(requests);
    expect(seen.taken).toBeLessThan(ENDLESS / 4);
  });

  test('that is not compressed although its header says so fails as its status does', async () => {
    const { url } = await backend((response) => {
      response.writeHead(404, { 'content-encoding': 'gzip' }).end('plain text');
    });
    const error = await errorOf(clientOf({ url }).sendRecords(dataset, records, signal));
    expect(error).toMatchObject({ code: 'backend-refused' });
  });
});

describe('an answer within the limit', () => {
  const body = JSON.stringify({ id: 1, text: 'x'.repeat(ANSWER_BYTES - 100) });

  test.each([
    ['uncompressed', 'identity', (text: string) => Buffer.from(text)],
    ['with gzip', 'gzip', gzipSync],
    ['with deflate', 'deflate', deflateSync],
  ])('is read completely, %s', async (_how, encoding, encode) => {
    const { url } = await backend((response) => {
      response.writeHead(201, { 'content-encoding': encoding }).end(encode(body));
    });
    await clientOf({ url }).createDataset(dataset, 'Churn', true, signal);
  });
});

test('endless headers are refused without a further attempt', async () => {
  const { url, seen } = await backend((response) => {
    for (let index = 0; index < 64; index += 1) response.setHeader(`x-${index}`, 'x'.repeat(1024));
    response.end('{}');
  });
  const error = await errorOf(clientOf({ url }).sendRecords(dataset, records, signal));
  expect(error).toMatchObject({ code: 'backend-answer-too-large' });
  expect(error.message).toContain('more than 16 KiB of headers');
  expect(seen.requests).toBe(1);
});
