import {
  resolveConfig,
  UnknownTaskError,
  type ConfigFlags,
  type Resolution,
  type ResolveInput,
} from '@tracebloc/ingestor-config';
import { ExitCode, IngestorError, type TaskType } from '@tracebloc/ingestor-contract';
import { packageOfTask } from '../plugins/known-formats.js';

export interface ResolveRequest {
  tasks: readonly TaskType[];
  purpose: ResolveInput['purpose'];
  flags?: ConfigFlags;
  /** A configuration given as an object instead of a file. */
  document?: ResolveInput['document'];
  /** Default: this process's. */
  env?: ResolveInput['env'];
  cwd?: string;
}

/** Resolves the configuration; a task that no installed plugin brings is told with the package that does. */
export async function resolve(request: ResolveRequest): Promise<Resolution> {
  try {
    return await resolveConfig({
      tasks: request.tasks,
      purpose: request.purpose,
      flags: request.flags ?? {},
      document: request.document,
      env: request.env ?? process.env,
      cwd: request.cwd ?? process.cwd(),
    });
  } catch (error) {
    if (error instanceof UnknownTaskError) throw withPackage(error);
    throw error;
  }
}

function withPackage(error: UnknownTaskError): IngestorError {
  const name = packageOfTask(error.taskId);
  if (name === undefined) return error;
  return new IngestorError({
    code: 'plugin-missing',
    message: `The task ${error.taskId} comes with the plugin ${name}, which is not installed.`,
    fix: `Install it and run again: ingestor plugins install ${name}`,
    exitCode: ExitCode.usage,
    cause: error,
  });
}
