import type mysql2 from 'mysql2';
import type { Connection } from 'mysql2/promise';
import type { Sequelize } from 'sequelize';

/**
 * Runs the work in a transaction on a connection of the pool. The work gets the driver's connection, because Sequelize
 * would format and log statements of megabytes. If the result of COMMIT or ROLLBACK is unknown, the connection is closed;
 * the server then rolls back an open transaction.
 */
export async function inTransaction(
  sequelize: Sequelize,
  work: (connection: Connection) => Promise<void>,
): Promise<void> {
  const pool = sequelize.connectionManager;
  const pooled = (await pool.getConnection({ type: 'write' })) as mysql2.Connection;
  const connection = pooled.promise();
  try {
    await connection.query('START TRANSACTION');
    await work(connection);
    await connection.query('COMMIT');
  } catch (error) {
    const isRolledBack = await connection.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    if (isRolledBack) {
      pool.releaseConnection(pooled);
    } else {
      pooled.destroy();
      // The pool may have removed it already, because it noticed the failure itself.
      await pool.destroyConnection(pooled).catch(() => undefined);
    }
    throw error;
  }
  pool.releaseConnection(pooled);
}
