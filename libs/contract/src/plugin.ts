import type { TaskType } from './task.js';

/** Raised whenever a plugin built against the previous version would no longer work. */
export const CONTRACT_VERSION = 1;

/** The oclif hook that a format plugin's package.json names, and whose result is its `FormatPlugin`. */
export const TASKS_HOOK = 'ingestor:tasks';

export interface FormatPlugin {
  /** `CONTRACT_VERSION` of the contract that the plugin was built against. */
  contract: number;
  /** The friendly name, for example `tabular`. */
  format: string;
  tasks: readonly TaskType[];
}
