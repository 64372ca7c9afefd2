import type { RunRow } from '../ledger/types.js';
import type { FolderOwner } from '../volume/claims.js';

/** A database as the volume knows it; `runs` are those of its ledger, with their tables. */
export function folderOwner(identity: string, runs: Record<string, string> = {}): FolderOwner {
  return {
    identity: async () => identity,
    description: `Database ${identity}`,
    ledger: {
      get: async (runId) => (runId in runs ? ({ runId, table: runs[runId]! } as RunRow) : undefined),
    },
  };
}
