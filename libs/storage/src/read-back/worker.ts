/** The thread that reads rows back; see `ReadBackThread`. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { readGuarded } from '../sqlite/cell-reader.js';
import { RowReadBack } from './read-back.js';
import type { Answer, Request, ThreadSource } from './thread.js';

const { file, table, columns } = workerData as ThreadSource;
const open = async () => readGuarded(new DatabaseSync(file, { readOnly: true }), table, columns);
const readBack = new RowReadBack(open, columns, { least: 0 });

parentPort!.on('message', (request: Request) => {
  if ('readTo' in request) readBack.readTo(request.readTo);
  else if ('finish' in request) {
    void readBack.finish(request.finish).then((finished) => parentPort!.postMessage({ finished } satisfies Answer));
  } else {
    void readBack.close().then(() => parentPort!.close());
  }
});
