import type { Column } from '@tracebloc/ingestor-contract';
import type { MysqlConfig } from '@tracebloc/ingestor-core';
import { MysqlGuardedCells } from './cell-reader.js';
import { connect, type ServerFacts } from './connection/connect.js';
import { markSession } from './connection/sessions.js';
import { socketOf } from './connection/socket.js';

/** Opens a connection that reads and locks rows, until the reader is closed. */
export async function openGuarded(from: {
  options: MysqlConfig;
  facts: ServerFacts;
  mark: [instance: string, first: number];
  table: string;
  columns: readonly Column[];
}): Promise<MysqlGuardedCells> {
  const connection = await connect(from.options, from.facts);
  // A successor must be able to end the transaction that locks the rows.
  await markSession(connection, ...from.mark);
  // The time for a page depends on the rows, so there is no limit.
  socketOf(connection).setTimeout(0);
  return new MysqlGuardedCells(connection, from.table, from.columns);
}
