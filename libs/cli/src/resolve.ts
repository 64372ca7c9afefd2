import type { ConfigError, ConfigFlags, Resolution, ResolveInput } from '@tracebloc/ingestor-config';
import type { TaskType } from '@tracebloc/ingestor-contract';
import { type MissingPluginError, missingPlugin, missingTable } from './plugins/missing-plugin.js';
import { installedTables } from './plugins/tables.js';
import { environment } from './secrets.js';

export interface ResolveRequest {
  tasks: readonly TaskType[];
  purpose: ResolveInput['purpose'];
  flags?: ConfigFlags;
  /** A configuration given as an object instead of a file. */
  document?: ResolveInput['document'];
  /** Default: the environment of this process. */
  env?: ResolveInput['env'];
  cwd?: string;
  elsewhere?: ResolveInput['elsewhere'];
}

/** Resolves the configuration. The error for a task that is not installed names the package that brings it. */
export async function resolve(request: ResolveRequest): Promise<Resolution> {
  // Loaded here, since most commands resolve no configuration, and its parsers and validators take long to load.
  const { ConfigError, resolveConfig, UnknownTaskError } = await import('@tracebloc/ingestor-config');
  try {
    return await resolveConfig({
      tasks: request.tasks,
      tables: installedTables().map(({ table }) => table),
      purpose: request.purpose,
      flags: request.flags ?? {},
      document: request.document,
      env: request.env ?? environment(),
      cwd: request.cwd ?? process.cwd(),
      elsewhere: request.elsewhere,
    });
  } catch (error) {
    if (error instanceof UnknownTaskError) throw missingPlugin(error.taskId, error) ?? error;
    if (error instanceof ConfigError) throw missingTableOf(error) ?? error;
    throw error;
  }
}

/** Returns the error for a field of the configuration that a known plugin would bring. */
function missingTableOf(error: ConfigError): MissingPluginError | undefined {
  const installed = installedTables().map(({ table }) => table.name);
  const unknown = error.problems.flatMap(({ field = '' }) => (installed.includes(field) ? [] : [field]));
  return unknown.map((name) => missingTable(name, error)).find((missing) => missing !== undefined);
}
