import type { Connection } from 'mysql2/promise';
import { quote } from '../../tables/names.js';
import type { ServerFacts } from './connect.js';
import { rowOf } from './driver.js';
import { isLost, serverError, type Target } from '../errors/statement-error.js';
import { settingRefused } from '../errors/refusals.js';

/**
 * A variable of a session that this package relies on. A server's configuration, and what its administrator lets it run for
 * each new session (`init_connect`), may have set it to anything.
 */
interface Setting {
  name: string;
  /** As SQL. */
  value: string;
  /** When the session has it, as SQL; as a rule when it is the value. */
  holds?: string;
  /** Who is no administrator may not set it on every server, so it is set only where it has to be. */
  restricted?: boolean;
}

/** Seconds that a session waits at most for somebody else, or without a sign of life of this end. */
const PATIENCE = 120;

const atMost = (name: string): Setting => ({
  name,
  value: `CAST(LEAST(@@SESSION.${name}, ${PATIENCE}) AS UNSIGNED)`,
  holds: `@@SESSION.${name} <= ${PATIENCE}`,
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
  // No silent change of a value, and backslash escapes; in the order in which servers tell it.
  is('sql_mode', "'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'"),
  // Warnings are how a server tells of a changed value, and their words tell the column.
  is('sql_notes', '1'),
  is('lc_messages', "'en_US'"),
  // Without it a data_id may come twice.
  is('unique_checks', '1'),
  // Nothing that is asked for or changed is cut short, nor are labels taken for one that differ at their ends.
  is('sql_safe_updates', '0'),
  is('sql_select_limit', '18446744073709551615'),
  is('sql_big_selects', '1'),
  atLeast('max_sort_length', 1024),
  // The server lets go of the locks of a process whose machine is gone, and rolls back what it had not committed.
  atMost('wait_timeout'),
  // No waiting for days until somebody else's statement lets a table be renamed.
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

/** Sets what the session relies on, and makes sure that it has it. Throws `database-setting-refused` naming what it has not. */
export async function stateSession(
  session: Connection,
  facts: ServerFacts,
  target: Target,
  database: string | undefined,
): Promise<void> {
  const settings = settingsOf(facts);
  const common = settings.filter(({ name, restricted }) => !restricted && !name.startsWith('character_set_'));
  // Autocommit, off and on, ends a transaction that the server has begun for the session.
  const all = ['NAMES utf8mb4', '@@SESSION.autocommit = 0', ...common.map(assignment)].join(', ');
  let refusal = await refusalOf(session, `SET ${all}`);
  let missing = await missingIn(session, settings, facts, database);
  if (missing.length === 0) return;
  for (const { name, statement } of missing) {
    // The reason that is told is that of a single variable, where the server gives one.
    refusal = (await refusalOf(session, statement)) ?? refusal ?? `${name} keeps its value`;
  }
  missing = await missingIn(session, settings, facts, database);
  if (missing.length > 0) throw settingRefused(missing, refusal, target);
}

function assignment({ name, value }: Setting): string {
  return `@@SESSION.${name} = ${value}`;
}

/** Why the server has not carried the statement out, unless it has. */
async function refusalOf(session: Connection, statement: string): Promise<string | undefined> {
  try {
    await session.query(statement);
    return undefined;
  } catch (error) {
    if (isLost(error) || !serverError(error)) throw error;
    return (error as Error).message;
  }
}

/** What a session has not, with what it has instead and the statement that mends it. */
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
