import { join, resolve } from 'node:path';
import { type DatabaseConfig, fileVariable, listNames, SECRET_VARIABLES } from '@tracebloc/ingestor-core';
import { flagName } from '../resolve/flags.js';
import type { BackendConfig } from '../types.js';
import type { Settings } from './settings.js';

/** The folder of `--local`, in the working folder. */
export const LOCAL_FOLDER = '.ingestor';

const FLAG = flagName('local');
/** The name of the database as without DB_NAME, so that STORAGE_PATH finds it too. */
const FILE = 'training_test_datasets.sqlite';

/** The path of the database of `--local`, from the working folder. */
export const LOCAL_DATABASE = `${LOCAL_FOLDER}/${FILE}`;

/** The flags that say where else to store, so that `--local` contradicts them. */
const CONTRADICTIONS = ['storage', 'ca', 'shards', 'shardIndex'] as const;

/** The variables that `--local` makes idle, beside those of secrets. */
const IDLE = ['STORAGE_PATH', 'MYSQL_HOST', 'MYSQL_PORT', 'DB_USER', 'DB_NAME', 'DB_TLS', 'INGESTOR_CA']
  .concat(['CLIENT_ENV', 'BACKEND_URL', 'CLIENT_ID', 'INGESTOR_SHARDS'])
  .concat(SECRET_VARIABLES.flatMap((name) => [name, fileVariable(name)]));

/** Where a run with `--local` stores: nothing of it needs a cluster, a backend or credentials. */
export interface LocalStores {
  /** The absolute path of the folder. */
  storage: string;
  database: DatabaseConfig;
  backend: BackendConfig;
}

/** Returns the stores of `--local`. Warns of variables that it makes idle; flags that contradict it are problems. */
export function readLocal(settings: Settings, warnings: string[]): LocalStores {
  for (const flag of CONTRADICTIONS) {
    if (settings.flags[flag] === undefined) continue;
    const origin = { source: flagName(flag), folder: settings.cwd };
    settings.report(origin, flag, `contradicts --local, which stores in ./${LOCAL_FOLDER} alone`, 'Omit one of them.');
  }
  const storage = resolve(settings.cwd, LOCAL_FOLDER);
  const idle = IDLE.filter((name) => settings.env[name] && !(name === 'CLIENT_ENV' && settings.env[name] === 'local'));
  if (idle.length > 0) {
    const verb = idle.length === 1 ? 'has' : 'have';
    warnings.push(
      `${listNames(idle, idle.length)} ${verb} no effect: --local uses the database and the files in ${storage}, and no backend.`,
    );
  }
  const file = join(storage, FILE);
  settings.show('storage.path', storage, FLAG);
  settings.show('database.file', file, FLAG);
  settings.show('backend', 'local', FLAG);
  return { storage, database: { kind: 'sqlite', file }, backend: { kind: 'local' } };
}
