import { shared } from '@tracebloc/ingestor-core';
import type { TableFormat } from '@tracebloc/ingestor-contract';

export interface InstalledTable {
  table: TableFormat;
  format: string;
  /** The package that brings it. */
  plugin: string;
  version: string;
}

/** The table formats that need no plugin. */
export const BUILT_IN_TABLES: readonly string[] = ['csv', 'json'];

const state = shared<{ installed: readonly InstalledTable[] }>('tables', () => ({ installed: [] }));

export function setInstalledTables(tables: readonly InstalledTable[]): void {
  state.installed = tables.toSorted((a, b) => a.table.name.localeCompare(b.table.name));
}

/** Returns the table formats of the plugins whose tasks were loaded last. */
export const installedTables = (): readonly InstalledTable[] => state.installed;
