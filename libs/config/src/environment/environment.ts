import { resolve } from 'node:path';
import { listNames, nearest } from '@tracebloc/ingestor-core';
import { readAuthority } from './authority.js';
import { readBackend } from './backend.js';
import { readDatabase } from './database.js';
import { readLocal } from './local.js';
import { ConfigError } from '../errors.js';
import { freeze } from '../resolve/freeze.js';
import { Settings, type Env, InvalidValueError, wholeNumber } from './settings.js';
import { readShard } from './shard.js';
import type {
  ConfigFlags,
  ConfigProblem,
  EnvironmentConfig,
  EnvironmentResolution,
  LogLevel,
  ResolvedValue,
} from '../types.js';

const LOG_LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];
const MAX_BATCH = 10_000;

/** What a command uses and therefore requires. */
export type Need = 'database' | 'backend' | 'shard';

export interface EnvironmentOptions {
  /** Default: only `database`. Credentials of the backend are read even if they are not required. */
  needs?: readonly Need[];
  /** The folder that relative paths start from. Default: the working folder of the process. */
  cwd?: string;
}

/**
 * Resolves the settings that need no dataset: database, storage, backend, batch size and log level. It keeps `env`, since
 * a token in it may be rotated while the process runs. Throws a `ConfigError`.
 */
export function resolveEnvironment(
  env: Env,
  flags: ConfigFlags = {},
  { needs = ['database'], cwd = process.cwd() }: EnvironmentOptions = {},
): EnvironmentResolution {
  const problems: ConfigProblem[] = [];
  const { config, values } = readEnvironment(new Settings(env, flags, cwd, problems), needs);
  if (problems.length > 0) throw new ConfigError(problems);
  return freeze({ config, values });
}

/** As `resolveEnvironment`, but adds problems to those of the settings instead of throwing. */
export function readEnvironment(
  settings: Settings,
  needs: readonly Need[],
): { config: EnvironmentConfig; values: ResolvedValue[] } {
  const warnings: string[] = [];
  const title = settings.read<string | undefined>(
    'title',
    { variable: 'TITLE', flag: 'title', fallback: undefined },
    readTitle,
  );
  const batchSize = settings.read(
    'batch_size',
    { variable: 'BATCH_SIZE', flag: 'batchSize', fallback: 4000 },
    wholeNumber(1, MAX_BATCH),
  );
  const logLevel = settings.read<LogLevel>(
    'log_level',
    { variable: 'LOG_LEVEL', flag: 'logLevel', fallback: 'WARNING' },
    readLogLevel,
  );
  const local = settings.flags.local ? readLocal(settings, warnings) : undefined;
  const storage = {
    path:
      local?.storage ??
      settings.read('storage.path', { variable: 'STORAGE_PATH', flag: 'storage', fallback: '/data/shared' }, (text) => {
        if (text === '' || text.includes('\0')) throw new InvalidValueError('the path of a folder');
        const path = resolve(settings.cwd, text);
        settings.isAbsent('storage.path', path);
        return path;
      }),
    claim: settings.read('storage.claim', { variable: 'CLIENT_PVC', fallback: 'client-pvc' }, String),
  };
  const ca = local ? undefined : readAuthority(settings);
  const database = local?.database ?? readDatabase(settings, storage.path, ca, needs.includes('database'), warnings);
  const backend = local?.backend ?? readBackend(settings, needs.includes('backend'), warnings);
  const shard = needs.includes('shard') && !local ? readShard(settings, database.kind) : undefined;
  const config = {
    title,
    batchSize,
    logLevel,
    storage,
    ...(ca !== undefined && { ca }),
    database,
    backend,
    ...(shard && { shard }),
    warnings,
  };
  return { config, values: settings.values };
}

function readTitle(text: string): string {
  if (text !== '' && !/\p{Cc}/u.test(text)) return text;
  throw new InvalidValueError('a name on one line');
}

function readLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text.toUpperCase());
  if (level) return level;
  throw new InvalidValueError(`one of ${listNames(LOG_LEVELS)}`, nearest(text, LOG_LEVELS));
}
