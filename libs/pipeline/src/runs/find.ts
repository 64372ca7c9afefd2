import type { Database, RunRow } from '@tracebloc/ingestor-storage';
import { errors } from '../errors.js';
import type { RunAccount } from './describe-next.js';

/** Returns what the ledger holds of the run with this id, or of the only one whose id begins with it. Throws `unknown-run`. */
export async function findRun({ ledger }: Database, idOrBeginning: string): Promise<RunAccount> {
  const found = await ledger.beginningWith(idOrBeginning);
  const run = found.find(({ runId }) => runId === idOrBeginning) ?? only(found, idOrBeginning);
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
    fix: first ? 'Write more of the id.' : 'ingestor runs list shows the runs.',
  });
}
