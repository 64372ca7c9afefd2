import type { Connection } from 'mysql2/promise';
import { quote } from '../../tables/names.js';
import type { ServerFacts } from './connect.js';
import { rowOf } from './driver.js';
import { isLost, serverError, type Target } from '../errors/statement-error.js';
import { settingRefused } from '../errors/refusals.js';

/**
 * A session variable that this package needs to have a certain value. The server's configuration or its `init_connect` may
 * have set another one.
 */
interface Setting {
  name: string;
  /** The value as SQL. */
  value: string;
  /** The SQL condition for a right value. The default is that it equals `value`. */
  holds?: string;
  /** On some servers only an administrator may set it, so it is set only if its value is wrong. */
  restricted?: boolean;
}

/** The longest time in seconds that a session waits for a lock, or for a statement of this process. */
const TIMEOUT = 120;

const atMost = (name: string): Setting => ({
  name,
  value: `CAST(LEAST(@@SESSION.${name}, ${TIMEOUT}) AS UNSIGNED)`,
  holds: `@@SESSION.${name} <= ${TIMEOUT}`,
});
const atLeast = (name: string, least: number): Setting => ({
  name,
  value: String(least),
  holds: `@@SESSION.${name} >= ${least}`,
});
const is = (name: string, value: string): Setting => ({ name, value });

const COMMON: readonly Setting[] = [
  ...['client', 'connection', 'results'].map((one) => is(`character_set_${one}`, "'utf8mb4'")),
  is('autocommit', '1'),
  is('completion_type', "'NO_CHAIN'"),
  is('time_zone', "'+00:00'"),
  // These modes forbid silent changes of values. NO_BACKSLASH_ESCAPES is absent. The order is that of the servers.
  is('sql_mode', "'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"),
  // A server reports a changed value by a warning, whose English words name the column.
  is('sql_notes', '1'),
  is('lc_messages', "'en_US'"),
  // Without it, a data_id may be stored twice.
  is('unique_checks', '1'),
  // These settings keep answers and changes complete, and labels distinct that differ at their ends.
  is('sql_safe_updates', '0'),
  is('sql_select_limit', '18446744073709551615'),
  is('sql_big_selects', '1'),
  atLeast('max_sort_length', 1024),
  // The server releases the locks of a process whose machine is gone, and rolls back its transaction.
  atMost('wait_timeout'),
  // Without it, a rename may wait for days for another session's statement.
  atMost('lock_wait_timeout'),
];

function settingsOf({ kind, version }: ServerFacts): Setting[] {
  const isMariaDb = kind === 'mariadb';
  const [major, minor] = version.split('.').map(Number) as [number, number];
  const tx = isMariaDb && (major < 11 || (major === 11 && minor < 1)) ? 'tx' : 'transaction';
  return [
    ...COMMON,
    is(`${tx}_isolation`, "'REPEATABLE-READ'"),
    is(`${tx}_read_only`, '0'),
    is(isMariaDb ? 'max_statement_time' : 'max_execution_time', '0'),
    { ...atLeast('max_error_count', 64), restricted: !isMariaDb },
  ];
}

/** Sets the session's variables and checks them. Throws `database-setting-refused`, which names the wrong ones. */
export async function stateSession(
  session: Connection,
  facts: ServerFacts,
  target: Target,
  database: string | undefined,
): Promise<void> {
  const settings = settingsOf(facts);
  const common = settings.filter(({ name, restricted }) => !restricted && !name.startsWith('character_set_'));
  // Turning autocommit off and on ends a transaction that the server has begun for the session.
  const all = ['NAMES utf8mb4', '@@SESSION.autocommit = 0', ...common.map(assignment)].join(', ');
  let refusal = await refusalOf(session, `SET ${all}`);
  let missing = await missingIn(session, settings, facts, database);
  if (missing.length === 0) return;
  for (const { name, statement } of missing) {
    // The refusal of a single variable is a better reason than that of all.
    refusal = (await refusalOf(session, statement)) ?? refusal ?? `${name} keeps its value`;
  }
  missing = await missingIn(session, settings, facts, database);
  if (missing.length > 0) throw settingRefused(missing, refusal, target);
}

function assignment({ name, value }: Setting): string {
  return `@@SESSION.${name} = ${value}`;
}

/** Executes the statement. Returns the server's message if it refused it, else undefined. */
async function refusalOf(session: Connection, statement: string): Promise<string | undefined> {
  try {
    await session.query(statement);
    return undefined;
  } catch (error) {
    if (isLost(error) || !serverError(error)) throw error;
    return (error as Error).message;
  }
}

/** A variable with a wrong value, and the statement that corrects it. */
interface Missing {
  name: string;
  found: string;
  statement: string;
}

async function missingIn(
  session: Connection,
  settings: readonly Setting[],
  { foldsCase }: ServerFacts,
  database: string | undefined,
): Promise<Missing[]> {
  const found = settings.map(
    ({ name, value, holds = `@@SESSION.${name} = ${value}` }, i) =>
      `IF(${holds}, NULL, COALESCE(CONCAT('', @@SESSION.${name}), 'NULL')) AS s${i}`,
  );
  const sql = `SELECT ${found.join(', ')}, DATABASE() AS db`;
  const values = await rowOf<Partial<Record<string, string | null>>>(session, sql);
  const missing = settings.flatMap((setting, i) => {
    const value = values[`s${i}`] ?? null;
    const isCharset = setting.name.startsWith('character_set_');
    const statement = isCharset ? 'SET NAMES utf8mb4' : `SET ${assignment(setting)}`;
    return value === null ? [] : [{ name: setting.name, found: value, statement }];
  });
  const fold = (name: string) => (foldsCase ? name.toLowerCase() : name);
  if (database !== undefined && fold(values.db ?? '') !== fold(database)) {
    missing.push({ name: 'the database', found: values.db ?? '', statement: `USE ${quote(database)}` });
  }
  return missing;
}
