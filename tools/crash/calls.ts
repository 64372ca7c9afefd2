import { setTimeout as sleep } from 'node:timers/promises';
import { BACKEND_MS, ordinalOf, type World } from './world.ts';

/** Returns the calls that the backend has accepted from the given one on: `records from 50`, `prepare`, ... */
export function callsOf({ backend }: World, since = 0): string[] {
  return backend.calls
    .slice(since)
    .map((call) => (call.name === 'records' ? `records from ${ordinalOf(call.records[0]!.dataId)}` : call.name));
}

/**
 * Returns the calls of a killed process that the ledger does not know. There is one at most, and it may be repeated. Waits
 * until the backend has answered what it received.
 */
export async function unledgered(world: World, since: number): Promise<string[]> {
  do await sleep(BACKEND_MS);
  while (world.backend.requests.some(({ status }) => status === 0));
  const run = (await world.runs()).at(-1)!;
  const made = await world.select<{ call: string }>(`SELECT * FROM {_ingestor_calls} WHERE run_id = '${run.run_id}'`);
  const names = new Set(made.map(({ call }) => call));
  const isKnown = (call: string) =>
    call.startsWith('records from ') ? Number(call.slice('records from '.length)) < run.sent : names.has(call);
  return [...new Set(callsOf(world, since))].filter((call) => !isKnown(call));
}

/**
 * Returns what is wrong with the calls. They must be those of an undisturbed run, in the same order, and only the repeatable
 * ones may come twice.
 */
export function checkCalls(
  calls: readonly string[],
  expected: readonly string[],
  repeatable: readonly string[],
): string[] {
  const problems: string[] = [];
  const distinct = [...new Set(calls)];
  if (distinct.join() !== expected.join())
    problems.push(`calls are ${distinct.join(', ')}, not ${expected.join(', ')}`);
  const allowed = [...repeatable];
  for (const call of calls.filter((call, index) => calls.indexOf(call) !== index)) {
    const index = allowed.indexOf(call);
    if (index < 0) problems.push(`${call} was repeated; the ledger did not know [${repeatable.join(', ')}]`);
    else allowed.splice(index, 1);
  }
  return problems;
}
