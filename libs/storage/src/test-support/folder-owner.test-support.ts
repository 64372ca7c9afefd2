import type { RunRow } from '../ledger/types.js';
import type { FolderOwner } from '../volume/claims.js';

/** Returns a database as the volume knows it. `runs` maps the run ids of its ledger to their tables. */
export function folderOwner(identity: string, runs: Record<string, string> = {}): FolderOwner {
  return {
    identity: async () => identity,
    description: `Database ${identity}`,
    ledger: {
      get: async (runId) => (runId in runs ? ({ runId, table: runs[runId]! } as RunRow) : undefined),
    },
  };
}
