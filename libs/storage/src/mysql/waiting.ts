import { QueryTypes, type Sequelize } from 'sequelize';

/** Milliseconds that a table may be waited for without a word. */
const SILENT_MS = 5000;

/** Waits for the work, which changes the table's name, and tells once whom it waits for. */
export async function tellWait(
  sequelize: Sequelize,
  database: string,
  table: string,
  work: Promise<void>,
  told: (waiting: string) => void,
): Promise<void> {
  let isDone = false;
  const timer = setTimeout(() => {
    void oldestTransaction(sequelize, database).then((session) => {
      if (isDone) return;
      told(
        `Table ${table} cannot be published yet: others use it in a statement or a transaction that has not ended${session}. ` +
          'It is waited for, ten minutes at most; end that session to go on at once.',
      );
    });
  }, SILENT_MS);
  try {
    await work;
  } finally {
    isDone = true;
    clearTimeout(timer);
  }
}

/** Who it may be, for users who may see the sessions of others; MariaDB does not tell by itself who holds which table. */
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
