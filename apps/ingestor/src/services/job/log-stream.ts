import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps, type RequestOptions } from 'node:https';
import { text } from 'node:stream/consumers';
import type { KubeConfig } from '@kubernetes/client-node';
import { KubeStatusError, statusMessage } from './kube-error.js';

/** After this long without a line, the connection may be dead without anybody having told: it is made anew. */
const SILENCE = 60_000;

export interface LogPlace {
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
export async function* followLog(config: KubeConfig, place: LogPlace, signal: AbortSignal): AsyncGenerator<LogLine> {
  const response = await open(config, place, signal);
  try {
    for await (const line of linesOf(response)) {
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

async function open(config: KubeConfig, place: LogPlace, signal: AbortSignal): Promise<IncomingMessage> {
  const { namespace, pod, container, follow, after, tail } = place;
  const server = config.getCurrentCluster()!.server.replace(/\/+$/, '');
  const url = new URL(`${server}/api/v1/namespaces/${namespace}/pods/${pod}/log`);
  const query = { container, follow, timestamps: true, sinceTime: after, tailLines: tail };
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value));
  const options: RequestOptions = { signal };
  await config.applyToHTTPSOptions(options);
  const request = (url.protocol === 'http:' ? requestHttp : requestHttps)(url, options).end();
  request.setTimeout(SILENCE, () => request.destroy(Object.assign(new Error('silence'), { code: 'ETIMEDOUT' })));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  if (response.statusCode === 200) return response;
  const said = await text(response);
  throw new KubeStatusError(response.statusCode ?? 0, statusMessage(said) ?? 'no reason is given');
}

/** Lines as soon as they are whole; the last may go without an end. */
async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  let rest = '';
  for await (const chunk of response as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}
