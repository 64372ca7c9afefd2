import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startTcpProxy, type Interceptor, type TcpProxy } from '@tracebloc/ingestor-testing';
import { lastLine, type Ended, type Env } from './command.test.support.js';
import * as faults from './faults.test.support.js';
import { callsSince, EVERY_CALL, expectCalls, expectToldClearly, outcomeOf } from './faults.test.support.js';
import { told } from './shards.test.support.js';
import { World } from './world.test.support.js';

const LOGIN = { BACKEND_TOKEN: '', CLIENT_ID: 'fake-client', CLIENT_PASSWORD: 'fake-password' };

let world: World;
/** Stands before the backend. */
let proxy: TcpProxy;
/** What an undisturbed run comes to. */
let undisturbed: unknown;

beforeAll(async () => {
  world = await World.start();
  const { hostname: host, port } = new URL(world.backend.url);
  proxy = await startTcpProxy({ host, port: Number(port) });
  await faults.writeTexts(world);
  expect(told(await ingest(await faults.configOf(world, 'undisturbed')))).toMatch(/^0:/);
  undisturbed = await outcomeOf(world, 'undisturbed');
});
afterEach(() => {
  proxy.intercept();
  world.backend.clearFaults();
  expect(world.backend.violations).toEqual([]);
});
afterAll(async () => {
  await proxy.stop();
  await world.stop();
});

/** Two records a call, and the backend behind the proxy. */
const env = (): Env => ({ ...world.remote, BACKEND_URL: `http://${proxy.host}:${proxy.port}`, BATCH_SIZE: '2' });
const ingest = (config: string, more: Env = {}) => world.run(['ingest', '-c', config], { ...env(), ...more });

async function expectUndisturbed(table: string, ended: Ended): Promise<void> {
  expect(told(ended)).toMatch(/^0:/);
  expect(lastLine(ended)).toBe('All records processed successfully');
  expect(await outcomeOf(world, table)).toEqual(undisturbed);
}

type Place = 'before the request' | 'halfway through the request' | 'before the answer' | 'halfway through the answer';

/** Breaks the connection of every request at this place, once; a repetition, which has the same bytes, passes. */
function breakEachOnce(place: Place): Interceptor {
  const seen = new Set<string>();
  const doomed = new Set<number>();
  /** So much of a head and body that the body is cut, where there is one. */
  const half = (chunk: Buffer) => ({ cut: chunk.length - 8 });
  return ({ direction, chunk, connection }) => {
    if (direction === 'to-client') {
      if (!doomed.delete(connection)) return 'pass';
      return place === 'before the answer' ? 'reset' : half(chunk);
    }
    const text = chunk.toString('latin1');
    if (seen.has(text)) return 'pass';
    seen.add(text);
    if (place === 'before the request') return 'reset';
    if (place === 'halfway through the request') return half(chunk);
    doomed.add(connection);
    return 'pass';
  };
}

describe.each<[place: Place, knownAfterwards: boolean]>([
  ['before the request', true],
  ['halfway through the request', true],
  ['before the answer', false],
  ['halfway through the answer', false],
])('every connection breaks once, %s', (place, isKnown) => {
  const name = place.replaceAll(' ', '_');
  /** A call is repeated where the backend may have acted on it. */
  const repeated = isKnown ? [] : [...EVERY_CALL];

  it('and the run goes on', async () => {
    const config = await faults.configOf(world, `waits_${name}`);
    const since = world.backend.calls.length;
    proxy.intercept(breakEachOnce(place));
    const ended = await ingest(config, { ...LOGIN, BACKEND_RETRY_SECONDS: '60' });
    await expectUndisturbed(`waits_${name}`, ended);
    expect(ended.stderr.match(/The backend failed \((ECONNRESET|EPIPE)\); trying again/g)).toHaveLength(8);
    const calls = callsSince(world, since);
    expectCalls(calls, repeated);
    expect(calls.filter((call) => call === 'token')).toHaveLength(isKnown ? 1 : 2);
  });

  it('and the run, which is not to wait, ends, and is completed by the same command', async () => {
    const config = await faults.configOf(world, `ends_${name}`);
    const since = world.backend.calls.length;
    proxy.intercept(breakEachOnce(place));
    let ended = await ingest(config);
    for (let made = 0; made < EVERY_CALL.length; made += 1) {
      expectToldClearly(ended, /cannot be reached for (POST|GET) \/\S+: the connection was closed before/);
      const sent = Math.min(2 * made, faults.TEXTS);
      expect(ended.stderr).toContain(`complete in the database with 5 records, but not registered yet.`);
      expect(ended.stderr).toContain(`has been told of ${sent} of them.`);
      ended = await ingest(config);
    }
    await expectUndisturbed(`ends_${name}`, ended);
    expectCalls(callsSince(world, since), repeated);
  });
});
