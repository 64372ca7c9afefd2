import type { TableFormat } from './table.js';
import type { TaskType } from './task.js';

/** Raised whenever a plugin built against the previous version would no longer work. */
export const CONTRACT_VERSION = 1;

/** The oclif hook that a format plugin's package.json names, and whose result is its `FormatPlugin`, also without tasks. */
export const TASKS_HOOK = 'ingestor:tasks';

export interface FormatPlugin {
  /** `CONTRACT_VERSION` of the contract that the plugin was built against. */
  contract: number;
  /** The name that users install it by, in kebab-case, for example `time-series`. */
  format: string;
  /** Tasks, table formats, or both. */
  tasks?: readonly TaskType[];
  tables?: readonly TableFormat[];
}

export interface FormatDefinition extends FormatPlugin {
  /**
   * Must be written as a number, so that it states which contract the package was compiled against, not which copy of
   * the contract it runs with.
   */
  contract: typeof CONTRACT_VERSION;
}

/** Returns the hook `ingestor:tasks` of a format plugin: the default export of the file that its package.json names. */
export function defineFormat(definition: FormatDefinition): () => Promise<FormatPlugin> {
  return async () => definition;
}
