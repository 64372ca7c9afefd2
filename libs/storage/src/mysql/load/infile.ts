import { Readable } from 'node:stream';
import { STORAGE_ERRORS } from '../../errors/catalogue.js';

/**
 * Makes the statement fail when the server answers it by asking for a file of this machine, and sends nothing. The protocol
 * lets a server ask for any file in answer to any statement.
 */
export function refuseFile(): Readable {
  return new Readable({
    read() {
      this.destroy(
        STORAGE_ERRORS.make('database-asks-for-file', {
          message:
            'The database server asked for a file of this machine in answer to a statement, and was sent nothing.',
          fix: [
            'Check that MYSQL_HOST names the server that you mean: do not trust a server that does this.',
            'Set DB_TLS=true, so that nobody on the network can pose as the server.',
          ],
        }),
      );
    },
  });
}
