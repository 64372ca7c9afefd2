import type mysql2 from 'mysql2';
import type { Connection } from 'mysql2/promise';
import type { Sequelize } from 'sequelize';

/**
 * Runs the work in a transaction on a connection of the pool. The work gets the driver's connection, since Sequelize
 * would format and log statements of megabytes. When the outcome of COMMIT or ROLLBACK is unknown, the connection is
 * thrown away; the server then rolls back what it has not committed.
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
    const settled = await connection.query('ROLLBACK').then(
      () => true,
      () => false,
    );
    if (settled) {
      pool.releaseConnection(pooled);
    } else {
      pooled.destroy();
      // The pool may have dropped it already, on hearing of the failure itself.
      await pool.destroyConnection(pooled).catch(() => undefined);
    }
    throw error;
  }
  pool.releaseConnection(pooled);
}
