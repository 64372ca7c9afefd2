import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { BackendCall, Passage, TcpProxy, Verdict } from '@tracebloc/ingestor-testing';
import type { Ended, Running } from './command.test.support.js';
import { datasetOf, told } from './shards.test.support.js';
import type { Row, World } from './world.test.support.js';

/** Five texts of two classes: with a BATCH_SIZE of 2 they are registered by seven calls. */
export const TEXTS = 5;
export const RESUME =
  'What is already committed stays: run the same command again, and it continues with what is missing.';
const CALLS = ['records 0', 'records 2', 'records 4', 'edge-labels', 'global-metadata', 'prepare', 'dataset'];

/** Writes the texts; `configOf` names them. */
export async function writeTexts(world: World): Promise<void> {
  const source = join(world.folder, 'source');
  await mkdir(join(source, 'texts'), { recursive: true });
  const names = Array.from({ length: TEXTS }, (_, index) => `ticket_${index}`);
  await writeFile(
    join(source, 'labels.csv'),
    ['filename,label', ...names.map((name, i) => `${name},${i % 2 ? 'delivery' : 'billing'}`), ''].join('\n'),
  );
  for (const name of names) await writeFile(join(source, 'texts', `${name}.txt`), `What is with ${name}?\n`);
}

export function configOf(world: World, table: string): Promise<string> {
  const fields = {
    apiVersion: 'tracebloc.io/v1',
    kind: 'IngestConfig',
    ...{ category: 'text_classification', table, intent: 'train', csv: 'source/labels.csv', label: 'label' },
  };
  return world.write(`${table}.yaml`, JSON.stringify(fields));
}

/** All that is left of a run in the end: rows, files, catalog, ledger, what the backend knows; less what names the run. */
export async function outcomeOf(world: World, table: string): Promise<unknown> {
  const runs = `${world.database}._ingestor_runs`;
  const ledger = await world.mariaDb.sql(
    `SELECT run_id, state, staged, sent FROM ${runs} WHERE table_name = '${table}'`,
  );
  const of = (name: string, run: Row) =>
    world.mariaDb.sql(
      `SELECT * FROM ${world.database}.${name} WHERE run_id = '${run.run_id as string}' ORDER BY 1, 2`,
    );
  const runsWithParts = await Promise.all(
    ledger.map(async (run) => ({
      run,
      batches: await of('_ingestor_batches', run),
      calls: (await of('_ingestor_calls', run)).map(({ call }) => call),
    })),
  );
  const text = JSON.stringify({ ledger: runsWithParts, ...((await datasetOf(world, table)) as object) });
  return JSON.parse(text.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<run>').replaceAll(table, '<table>'));
}

/** The calls of a table's runs, and logins, as the backend accepted them: `records 0`, `prepare`, ... */
export function callsSince(world: World, since: number): string[] {
  return world.backend.calls.slice(since).map(nameOf);
}

function nameOf(call: BackendCall): string {
  return call.name === 'records' ? `records ${parseInt(call.records[0]!.dataId.slice(-12), 16)}` : call.name;
}

/** Each call was made, in order, and only `repeated` ones twice. */
export function expectCalls(calls: string[], repeated: string[] = []): void {
  const distinct = [...new Set(calls.filter((call) => call !== 'token'))];
  expect(distinct).toEqual(CALLS);
  const again = calls.filter((call, index) => call !== 'token' && calls.indexOf(call) !== index);
  expect(again).toEqual(repeated);
}

export const EVERY_CALL: readonly string[] = CALLS;

/** A sentence and what to do, and not how the program came to it. */
export function expectToldClearly({ code, stderr }: Ended, tells: RegExp | string): void {
  expect({ code, stderr }).toMatchObject({ code: 1 });
  expect(stderr).toMatch(tells);
  expect(stderr).toContain(RESUME);
  expect(stderr).not.toMatch(/^\s+at /m);
}

/** Returns once the condition holds; throws when the run ends before. */
export async function until(run: Running, condition: () => boolean | Promise<boolean>): Promise<void> {
  const state = { over: false };
  void run.ended.then(() => (state.over = true));
  while (!(await condition())) {
    if (state.over) throw new Error(`The run ended too early.\n${told(await run.ended)}`);
    await sleep(5);
  }
}

/** A chunk that is held, with all that follows it in its direction. */
export interface Held {
  readonly reached: boolean;
  release(): void;
}

/** Makes the proxy hold the first chunk that matches until it is released, or for ever. */
export function hold(proxy: TcpProxy, matches: (passage: Passage, text: string) => boolean): Held {
  const gate = Promise.withResolvers<Verdict>();
  let reached = false;
  proxy.intercept((passage) => {
    if (reached || !matches(passage, passage.chunk.toString('latin1'))) return 'pass';
    reached = true;
    return gate.promise;
  });
  return {
    get reached() {
      return reached;
    },
    release: () => gate.resolve('pass'),
  };
}
