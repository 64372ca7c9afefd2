import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';

/** Pages that one transaction returns: few, so that other processes wait briefly and the log stays short. */
const STEP = 1000;

function pragma(database: DatabaseSync, name: string): number {
  return (database.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name]!;
}

/** Returns the bytes of unused pages, which are filled before the file grows. */
export function freeBytes(database: DatabaseSync): number {
  return pragma(database, 'freelist_count') * pragma(database, 'page_size');
}

/**
 * Returns unused pages to the volume until the signal aborts or an error occurs; the rest is filled or returned later. A
 * file that an earlier version made without `auto_vacuum` keeps its pages.
 */
export async function returnPages(database: DatabaseSync, signal?: AbortSignal): Promise<void> {
  try {
    let free = pragma(database, 'freelist_count');
    if (free === 0) return;
    for (let before = Infinity; free > 0 && free < before && !signal?.aborted;) {
      database.exec(`PRAGMA incremental_vacuum(${STEP})`);
      before = free;
      free = pragma(database, 'freelist_count');
      await setImmediate();
    }
    // The file becomes shorter only after the checkpoint.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // Another process uses the file, or the volume is full.
  }
}
