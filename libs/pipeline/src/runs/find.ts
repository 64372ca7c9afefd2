import type { Database, RunRow } from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';
import type { RunAccount } from './describe-next.js';

/** The run with this id, or the only one whose id begins like this, with all that the ledger holds of it. */
export async function findRun({ ledger }: Database, idOrBeginning: string): Promise<RunAccount> {
  const run = (await ledger.get(idOrBeginning)) ?? only(await ledger.beginningWith(idOrBeginning), idOrBeginning);
  return {
    run,
    shards: await ledger.shards(run.runId),
    calls: [...(await ledger.calls(run.runId))],
    current: await ledger.current(run.table),
  };
}

function only([first, ...others]: readonly RunRow[], beginning: string): RunRow {
  if (first && others.length === 0) return first;
  throw errors.make('unknown-run', {
    message: first
      ? `${others.length + 1} runs have an id that begins with "${beginning}".`
      : `The ledger has no run "${beginning}".`,
    fix: first ? 'Give more of the id.' : 'ingestor runs list tells which there are.',
  });
}
