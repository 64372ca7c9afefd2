import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import type { KubeConfig } from '@kubernetes/client-node';
import { KubeStatusError, statusMessage } from './kube-error.js';
import { readBeginning } from './read-beginning.js';

/** After this long without a line, the connection may be dead without anybody having told: it is made anew. */
const SILENCE = 60_000;
/** How much of an error's text is read, in bytes. */
const ERROR_BYTES = 64 * 1024;
/** How much of a line is kept, in characters: what comes after is left out, so that one without end takes no memory. */
export const LINE_CHARACTERS = 256 * 1024;

export interface LogSource {
  namespace: string;
  pod: string;
  container: string;
  follow: boolean;
  /** Only what was written after this, as the time of a line. */
  after?: string;
  /** Only the last lines. */
  tail?: number;
}

export interface LogLine {
  /** RFC 3339 with a fraction of nine digits. */
  time: string;
  text: string;
}

/**
 * The lines of a container's log. Without `follow` those until now; with it, those to come too, until the container or
 * the connection ends, which of the two is not told.
 */
export async function* followLog(config: KubeConfig, place: LogSource, signal: AbortSignal): AsyncGenerator<LogLine> {
  const response = await open(config, place, signal);
  try {
    for await (const line of linesOf(response.setEncoding('utf8') as AsyncIterable<string>)) {
      const [, time, rest] = /^(\S+) ?([^]*)$/.exec(line) ?? [];
      // The server takes the time in whole seconds, so that lines of the same second come again.
      if (time !== undefined && (place.after === undefined || time > place.after)) yield { time, text: rest! };
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (!CONNECTION_LOST.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    response.destroy();
  }
}

const CONNECTION_LOST = ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'];

async function open(config: KubeConfig, place: LogSource, signal: AbortSignal): Promise<IncomingMessage> {
  const { namespace, pod, container, follow, after, tail } = place;
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
    upgraded.reject(new KubeStatusError(101, 'it goes over to another protocol'));
  });
  const [response] = (await Promise.race([once(request, 'response'), upgraded.promise])) as [IncomingMessage];
  if (response.statusCode === 200) return response;
  const { text: said } = await readBeginning(response as AsyncIterable<Buffer>, ERROR_BYTES);
  throw new KubeStatusError(response.statusCode ?? 0, statusMessage(said) ?? 'no reason is given');
}

/** Lines as soon as they are whole, the beginning of those that are too long; the last may go without an end. */
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
