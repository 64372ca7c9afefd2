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

/** Calls `act` once, at the first progress of the run for which `isDue` returns true. */
export function when(isDue: (progress: Progress) => boolean, act: () => void): Injection {
  const hasActed = { value: false };
  const progress = (reached: Progress) => {
    if (hasActed.value || !isDue(reached)) return;
    hasActed.value = true;
    act();
  };
  return { observer: { ...silentObserver, progress }, hasActed };
}

/** Calls `act` at the first progress after the task has read everything, before anything is confirmed or published. */
export function afterReading(task: TaskType, act: () => void): Injection & { task: TaskType } {
  let isRead = false;
  const observed: TaskType = {
    ...task,
    async *records(context) {
      yield* task.records(context);
      isRead = true;
    },
  };
  return { ...when(() => isRead, act), task: observed };
}

/** Rewrites a part of a file. Its size stays, and its modification time is set to `WRITTEN`. */
export function rewriteInPlace(path: string, from: string, to: string): void {
  const at = readFileSync(path).indexOf(from);
  if (at === -1 || from.length !== to.length) throw new Error(`${path} does not contain ${from}`);
  const file = openSync(path, 'r+');
  writeSync(file, to, at);
  closeSync(file);
  utimesSync(path, WRITTEN, WRITTEN);
}

/** Resolves when a new change of a file gets a later change time than all earlier changes in the folder. */
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
