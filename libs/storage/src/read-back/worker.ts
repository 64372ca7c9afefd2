/** The thread that reads rows back; see `ReadBackThread`. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { Secret } from '@tracebloc/ingestor-core';
import { RowReadBack } from './read-back.js';
import type { Answer, Request, ThreadSource } from './thread.js';
import type { GuardedCells } from './types.js';

const source = workerData as ThreadSource;
const readBack = new RowReadBack(() => open(source), source.columns);

async function open(from: ThreadSource): Promise<GuardedCells> {
  const { table, columns } = from;
  if (from.kind === 'sqlite') {
    const { readGuarded } = await import('../sqlite/cell-reader.js');
    return readGuarded(new DatabaseSync(from.file, { readOnly: true }), table, columns);
  }
  const { openGuarded } = await import('../mysql/open-guarded.js');
  const options = { ...from.options, password: new Secret(from.options.password) };
  return openGuarded({ ...from, options });
}

parentPort!.on('message', (request: Request) => {
  if ('readTo' in request) readBack.readTo(request.readTo);
  else if ('finish' in request) {
    void readBack.finish(request.finish).then((finished) => parentPort!.postMessage({ finished } satisfies Answer));
  } else {
    void readBack.close().then(() => parentPort!.close());
  }
});
