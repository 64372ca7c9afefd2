import { Readable } from 'node:stream';
import { IngestorError } from '@tracebloc/ingestor-core';

/**
 * What a server gets that asks for a file of this machine in answer to a statement other than LOAD DATA: nothing, and the
 * statement fails. The protocol lets it ask for any file, at any time.
 */
export function refuseFile(): Readable {
  return new Readable({
    read() {
      this.destroy(
        new IngestorError({
          code: 'database-asks-for-file',
          message:
            'The database server asked for a file of this machine in answer to a statement, and was sent nothing.',
          fix: [
            'Check that MYSQL_HOST names the server that you mean: one that does this is not to be trusted.',
            'With DB_TLS=true nobody can take its place on the way there.',
          ],
        }),
      );
    },
  });
}
