import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Interceptor } from '@tracebloc/ingestor-testing';
import {
  CALLS,
  callsOf,
  expectToldClearly,
  ingestUndisturbed,
  LOGIN,
  onBench,
  SECOND_BATCH,
} from './faults.test-support.js';
import { CommandSession } from './many-commands.test-support.js';
import { World } from '@tracebloc/ingestor-testing/command';

let world: World;
let session: CommandSession;
let undisturbed: unknown;

beforeAll(async () => {
  world = await World.start();
  session = new CommandSession(world.folder);
  undisturbed = await ingestUndisturbed(world);
});
afterAll(async () => {
  await session.stop();
  await world.stop();
});

const about = (table: string) => ({ world, session, table, undisturbed });

type Place = 'before the request' | 'halfway through the request' | 'before the answer' | 'halfway through the answer';

/** Breaks the connection of every request once, at this place. A repetition has the same bytes, and passes. */
function breakEachOnce(place: Place): Interceptor {
  const seen = new Set<string>();
  const doomed = new Set<number>();
  /** Cuts the body if there is one, and else the head. */
  const partOf = (chunk: Buffer) => ({ cut: chunk.length - 3 });
  return ({ direction, chunk, connection }) => {
    if (direction === 'to-client') {
      if (!doomed.delete(connection)) return 'pass';
      return place === 'before the answer' ? 'reset' : partOf(chunk);
    }
    const text = chunk.toString('latin1');
    if (seen.has(text)) return 'pass';
    seen.add(text);
    if (place === 'before the request') return 'reset';
    if (place === 'halfway through the request') return partOf(chunk);
    doomed.add(connection);
    return 'pass';
  };
}

describe('where every connection breaks once, a call is repeated only if the backend may have acted:', () => {
  const nameOf = (place: Place) => place.replaceAll(' ', '_');

  /** Disturbs a run that waits for the backend. It is a process, so that several wait at the same time. */
  const waits = (place: Place, repeated: string[]) =>
    onBench(about(`waits_${nameOf(place)}`), async ({ backend, proxy, start }) => {
      proxy.intercept(breakEachOnce(place));
      const { ended: running } = start({ ...LOGIN, BACKEND_RETRY_SECONDS: '60' });
      const ended = await running;
      expect(ended.stderr.match(/The backend failed \((ECONNRESET|EPIPE)\); trying again/g)).toHaveLength(7);
      const logins = callsOf(backend).filter((call) => call === 'token');
      expect(logins).toHaveLength(repeated.length === 0 ? 1 : 2);
      return { ended, repeated };
    });

  /** Disturbs runs that do not wait for the backend. */
  const ends = (place: Place, repeated: string[]) =>
    onBench(about(`ends_${nameOf(place)}`), async ({ proxy, ingest }) => {
      proxy.intercept(breakEachOnce(place));
      for (const sent of [0, 3, 5, 5, 5, 5]) {
        const ended = await ingest();
        expectToldClearly(ended, /cannot be reached for (POST|GET) \/\S+: the connection was closed before/);
        expect(ended.stderr).toContain('is complete in the database with 5 records, but not registered yet.');
        expect(ended.stderr).toContain(`has acknowledged ${sent} of them.`);
      }
      return { ended: await ingest(), repeated };
    });

  // They mostly wait, so they run at the same time. Runs that do not wait end alike wherever a request or an answer breaks.
  it.each<[where: string, before: Place, halfway: Place, repeated: string[]]>([
    ['before the request and halfway through it', 'before the request', 'halfway through the request', []],
    ['before the answer and halfway through it', 'before the answer', 'halfway through the answer', CALLS],
  ])('%s', async (_where, before, halfway, repeated) => {
    await Promise.all([waits(before, repeated), waits(halfway, repeated), ends(before, repeated)]);
  });
});

describe('a backend that asks for a pause', () => {
  it('gets it, in seconds and as a date, before a batch and before a call that is made once', () =>
    onBench(about('paused'), async ({ backend, proxy, ingest }) => {
      const arrivals: { request: string; at: number }[] = [];
      proxy.intercept(({ direction, chunk }) => {
        const request = chunk.toString('latin1').split(/[? ]/, 2)[1]!;
        if (direction === 'to-server') arrivals.push({ request, at: Date.now() });
        return 'pass';
      });
      // A date has whole seconds only.
      const date = new Date(Math.ceil(Date.now() / 1000 + 2) * 1000);
      backend.fail({ match: 'POST /global_meta/paused/', status: 429, headers: { 'Retry-After': '1' } });
      const headers = { 'Retry-After': date.toUTCString() };
      backend.fail({ match: 'GET /global_meta/prepare/', status: 503, headers });
      const ended = await ingest({ BACKEND_RETRY_SECONDS: '60' });
      const [batch, again] = arrivals.filter(({ request }) => request === '/global_meta/paused/');
      expect(again!.at - batch!.at).toBeGreaterThanOrEqual(995);
      const prepared = arrivals.findLast(({ request }) => request === '/global_meta/prepare/');
      expect(prepared!.at).toBeGreaterThanOrEqual(date.getTime() - 5);
      return { ended };
    }));

  it('longer than BACKEND_RETRY_SECONDS is reported immediately, and the same command completes the run', () =>
    onBench(about('long_pause'), async ({ backend, ingest }) => {
      const headers = { 'Retry-After': '3600' };
      backend.fail({ match: 'GET /global_meta/generate-edge-labels-meta/', status: 429, headers });
      const ended = await ingest({ BACKEND_RETRY_SECONDS: '600' });
      expectToldClearly(ended, 'with 429 Too Many Requests; it asks to wait 3600 s');
      return { ended: await ingest() };
    }));
});

it('a backend that is away for longer than BACKEND_RETRY_SECONDS ends the run, which the same command completes', () =>
  onBench(about('away'), async ({ proxy, ingest }) => {
    proxy.intercept(({ chunk }) => {
      if (!SECOND_BATCH.test(chunk.toString('latin1'))) return 'pass';
      proxy.refuse(true);
      return 'reset';
    });
    const ended = await ingest({ BACKEND_RETRY_SECONDS: '1' });
    expectToldClearly(ended, /cannot be reached for POST \/global_meta\/away\/: .*, \d+ times within \d+ s\./);
    expect(ended.stderr).toContain('has acknowledged 3 of them.');
    proxy.intercept();
    proxy.refuse(false);
    return { ended: await ingest() };
  }));
