import { QueryTypes, type Sequelize } from 'sequelize';

/** Waits for the work, which renames the table. After `reportMs` it reports once which session it waits for. */
export async function reportWait(
  sequelize: Sequelize,
  database: string,
  table: string,
  reportMs: number,
  work: Promise<void>,
  report: (waiting: string) => void,
): Promise<void> {
  let isDone = false;
  const timer = setTimeout(() => {
    void oldestTransaction(sequelize, database).then((session) => {
      if (isDone) return;
      report(
        `Table ${table} cannot be published yet: others use it in a statement or a transaction that has not ended${session}. ` +
          'The run waits for ten minutes at most; end that session to continue immediately.',
      );
    });
  }, reportMs);
  try {
    await work;
  } finally {
    isDone = true;
    clearTimeout(timer);
  }
}

/** Names the oldest transaction, if this user may see it. MariaDB does not say which session uses the table. */
async function oldestTransaction(sequelize: Sequelize, database: string): Promise<string> {
  const sql =
    'SELECT p.ID AS id, p.USER AS user, p.HOST AS host FROM INFORMATION_SCHEMA.INNODB_TRX t ' +
    'JOIN INFORMATION_SCHEMA.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id ' +
    'WHERE p.DB = $1 AND p.ID <> CONNECTION_ID() ORDER BY t.trx_started LIMIT 1';
  type Row = { id: number; user: string; host: string };
  const found = await sequelize.query<Row>(sql, { type: QueryTypes.SELECT, bind: [database] }).catch(() => []);
  const [session] = found;
  return session ? `, perhaps session ${session.id} of user ${session.user} at ${session.host}` : '';
}
