/** The thread that writes and compares small files; see `FileThread`. */
import { workerData, type MessagePort } from 'node:worker_threads';
import { VolumeSpeed } from '@tracebloc/ingestor-core/volume-speed';
import { compareBatch, writeBatch } from './file-batch.js';
import type { Request } from './file-thread.js';

const port = workerData as MessagePort;
const speed = new VolumeSpeed();

port.on('message', (request: Request) => {
  if ('compare' in request) {
    port.postMessage(compareBatch(request.compare, speed));
  } else {
    port.postMessage(writeBatch(request.write, speed));
  }
});
port.postMessage('ready');
