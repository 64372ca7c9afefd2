import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { silentObserver, type Progress, type RunObserver } from '../observer.js';

/** A modification time of whole seconds, so that it can be set again exactly. */
export const WRITTEN = new Date('2026-01-02T03:04:05Z');

export interface Injection {
  observer: RunObserver;
  hasActed: { value: boolean };
}

/** Acts once, as soon as the run's progress is what `isDue` looks for. */
export function when(isDue: (progress: Progress) => boolean, act: () => void): Injection {
  const hasActed = { value: false };
  const progress = (told: Progress) => {
    if (hasActed.value || !isDue(told)) return;
    hasActed.value = true;
    act();
  };
  return { observer: { ...silentObserver, progress }, hasActed };
}

/** Acts when the task has read all and the run tells so, before anything is confirmed or published. */
export function afterReading(task: TaskType, act: () => void): Injection & { task: TaskType } {
  let isRead = false;
  const telling: TaskType = {
    ...task,
    async *records(context) {
      yield* task.records(context);
      isRead = true;
    },
  };
  return { ...when(() => isRead, act), task: telling };
}

/** Writes into a file where it is; its size and its modification time, \`WRITTEN\`, stay. */
export function rewriteInPlace(path: string, from: string, to: string): void {
  const at = readFileSync(path).indexOf(from);
  if (at === -1 || from.length !== to.length) throw new Error(`${path} holds no ${from}`);
  const file = openSync(path, 'r+');
  writeSync(file, to, at);
  closeSync(file);
  utimesSync(path, WRITTEN, WRITTEN);
}

/** Resolves when a file that is changed now has another change time than those of the folder that were changed before. */
export async function nextClockTick(folder: string): Promise<void> {
  const probe = join(folder, 'probe');
  const changed = () => {
    writeFileSync(probe, '');
    return statSync(probe).ctimeMs;
  };
  const before = changed();
  while (changed() === before) await new Promise((resolve) => setImmediate(resolve));
  rmSync(probe);
}
