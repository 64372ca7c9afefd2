import { setTimeout as sleep } from 'node:timers/promises';
import { BACKEND_MS, ordinalOf } from './world.ts';

/** The calls that the backend has accepted since the given one: `records from 50`, `prepare`, ... */
export function callsOf({ backend }, since = 0) {
  return backend.calls
    .slice(since)
    .map((call) => (call.name === 'records' ? `records from ${ordinalOf(call.records[0].dataId)}` : call.name));
}

/**
 * What a killed process has called without the ledger knowing: the one call, at most, that may be repeated for it. Waits
 * until the backend has done with what it got.
 */
export async function unledgered(world, since) {
  do await sleep(BACKEND_MS);
  while (world.backend.requests.some(({ status }) => status === 0));
  const run = (await world.runs()).at(-1);
  const made = await world.select(`SELECT * FROM {_ingestor_calls} WHERE run_id = '${run.run_id}'`);
  const names = new Set(made.map(({ call }) => call));
  const isKnown = (call) =>
    call.startsWith('records from ') ? Number(call.slice('records from '.length)) < run.sent : names.has(call);
  return [...new Set(callsOf(world, since))].filter((call) => !isKnown(call));
}

/** What is wrong with the calls: they are those of an undisturbed run, in its order, and only `repeatable` ones twice. */
export function checkCalls(calls, expected, repeatable) {
  const problems = [];
  const distinct = [...new Set(calls)];
  if (distinct.join() !== expected.join())
    problems.push(`calls are ${distinct.join(', ')}, not ${expected.join(', ')}`);
  const allowed = [...repeatable];
  for (const call of calls.filter((call, index) => calls.indexOf(call) !== index)) {
    const place = allowed.indexOf(call);
    if (place < 0) problems.push(`${call} was repeated; unknown to the ledger were [${repeatable.join(', ')}]`);
    else allowed.splice(place, 1);
  }
  return problems;
}
