import type { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';

/** Pages that are given back in one transaction: few, so that others wait a moment only and the log stays short. */
const STEP = 1000;

function pragma(database: DatabaseSync, name: string): number {
  return (database.prepare(`PRAGMA ${name}`).get() as Record<string, number>)[name]!;
}

/** Bytes of the file that hold nothing, and are filled before it grows. */
export function freeBytes(database: DatabaseSync): number {
  return pragma(database, 'freelist_count') * pragma(database, 'page_size');
}

/**
 * Gives the pages that hold nothing back to the volume, unless the signal aborts or something is in the way: they are
 * filled later then, or given back at another time. A file of an earlier version, made without `auto_vacuum`, keeps them.
 */
export async function giveBackPages(database: DatabaseSync, signal?: AbortSignal): Promise<void> {
  try {
    let free = pragma(database, 'freelist_count');
    if (free === 0) return;
    for (let before = Infinity; free > 0 && free < before && !signal?.aborted;) {
      database.exec(`PRAGMA incremental_vacuum(${STEP})`);
      before = free;
      free = pragma(database, 'freelist_count');
      await setImmediate();
    }
    // Until the log is written back the file has its old length.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch {
    // Another process is at work on the file, or the volume is full.
  }
}
