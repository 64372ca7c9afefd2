import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { KubeConfig } from '@kubernetes/client-node';
import { KubeStatusError, statusMessage } from './kube-error.js';

/** Milliseconds without a line after which the connection counts as lost and is opened again. */
const SILENCE = 60_000;
/** The longest text of an error that is read, in bytes. */
const ERROR_BYTES = 64 * 1024;
/** The longest line that is kept, in characters: the rest is left out, so that an endless line takes no memory. */
export const LINE_CHARACTERS = 256 * 1024;

export interface LogSource {
  namespace: string;
  pod: string;
  container: string;
  follow: boolean;
  /** Reads only what was written after this, the time of a line. */
  after?: string;
  /** Reads only this number of lines, the last ones. */
  tail?: number;
}

export interface LogLine {
  /** RFC 3339 with a fraction of nine digits. */
  time: string;
  text: string;
}

/**
 * Yields the lines of a container's log that exist. With `follow`, it then yields new lines until the container or the
 * connection ends; the caller must find out which of the two it was.
 */
export async function* followLog(config: KubeConfig, source: LogSource, signal: AbortSignal): AsyncGenerator<LogLine> {
  const response = await open(config, source, signal);
  try {
    for await (const line of linesOf(response.setEncoding('utf8') as AsyncIterable<string>)) {
      const [, time, rest] = /^(\S+) ?([^]*)$/.exec(line) ?? [];
      // The server takes the time in whole seconds, so that lines of the same second come again.
      if (time !== undefined && (source.after === undefined || time > source.after)) yield { time, text: rest! };
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!CONNECTION_LOST.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    response.destroy();
  }
}

const CONNECTION_LOST = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

async function open(config: KubeConfig, source: LogSource, signal: AbortSignal): Promise<IncomingMessage> {
  const { namespace, pod, container, follow, after, tail } = source;
  const server = config.getCurrentCluster()!.server.replace(/\/+$/, '');
  const url = new URL(`${server}/api/v1/namespaces/${namespace}/pods/${pod}/log`);
  const query = { container, follow, timestamps: true, sinceTime: after, tailLines: tail };
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const options: RequestOptions = { signal };
  await config.applyToHTTPSOptions(options);
  const request = (url.protocol === 'http:' ? requestHttp : requestHttps)(url, options).end();
  request.setTimeout(SILENCE, () => request.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })));
  const upgraded = Promise.withResolvers<never>();
  request.once('upgrade', (_answer, socket: Socket) => {
    socket.destroy();
    upgraded.reject(new KubeStatusError(101, 'it switched to another protocol'));
  });
  const [response] = (await Promise.race([once(request, 'response'), upgraded.promise])) as [IncomingMessage];
  if (response.statusCode === 200) return response;
  const { text: said } = await readBeginning(response as AsyncIterable<Buffer>, ERROR_BYTES);
  throw new KubeStatusError(response.statusCode ?? 0, statusMessage(said) ?? 'no reason is given');
}

/** Yields each line as soon as it is complete, cut where it is too long. The last line may lack its line end. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  const keep = (text: string) => (text.length > LINE_CHARACTERS ? `${text.slice(0, LINE_CHARACTERS)}…` : text);
  for await (const chunk of chunks) {
    const [end, ...lines] = chunk.split('\n');
    rest = rest.length > LINE_CHARACTERS ? rest : keep(rest + end!);
    for (const line of lines) {
      yield rest;
      rest = keep(line);
    }
  }
  if (rest !== '') yield rest;
}

/** Reads about `limit` bytes of an answer and closes the connection when there is more. */
export async function readBeginning(
  stream: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<{ text: string; isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > limit) break;
  }
  return { text: Buffer.concat(chunks).toString(), isCut: bytes > limit };
}
