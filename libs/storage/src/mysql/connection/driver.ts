import mysql2 from 'mysql2';
import type { Connection, ConnectionOptions } from 'mysql2';
import type { Connection as PromiseConnection, RowDataPacket } from 'mysql2/promise';
import { answerTooLarge } from '../errors/refusals.js';
import { socketOf } from './socket.js';

/** The limit in bytes of what a server may send before the login is done, or without a statement. */
const UNASKED_BYTES = 64 * 1024;
/** The limit in bytes of one answer in memory. Readers of longer answers reset the count; see `countAnew`. */
const ANSWER_BYTES = 64 * 1024 * 1024;
/** The least bytes that a row needs in memory in addition to its cells. */
const ROW_BYTES = 64;
/** Milliseconds in which a server must close a connection that this process has closed. */
const END_MS = 1000;

/** Members of the connection that the driver's types do not declare. */
interface Core extends Connection {
  /** The command whose answer is awaited. */
  _command: unknown;
  packetParser: { execute(chunk: Buffer): void };
  handlePacket(packet?: object): void;
  close(): void;
}

/** Bytes received since the current command began, or since `countAnew`. */
const counts = new WeakMap<object, { bytes: number }>();

/**
 * Creates a connection through which a server can neither fill this process's memory nor keep it from ending. The driver
 * alone keeps whatever a server sends, and only half closes the socket when a login fails or a connection is closed.
 */
export function openConnection(config: ConnectionOptions): Connection {
  const connection = mysql2.createConnection(config) as Core;
  boundAnswers(connection, config);
  closeFully(connection);
  return connection;
}

/** The driver in the form that Sequelize expects. */
export const dialectModule: object = { ...mysql2, createConnection: openConnection };

/** Logs in. If the returned connection breaks, its next statement fails; nobody need listen for the error. */
export async function logIn(config: ConnectionOptions): Promise<PromiseConnection> {
  const connection = openConnection(config);
  await new Promise<void>((resolve, reject) => {
    connection.once('connect', () => resolve());
    connection.on('error', reject);
  });
  return connection.promise();
}

/** Returns the only row of the statement's answer. */
export async function rowOf<Row>(connection: PromiseConnection, sql: string, values: unknown[] = []): Promise<Row> {
  const [rows] = await connection.query<RowDataPacket[]>(sql, values);
  const row = Array.isArray(rows) ? rows[0] : undefined;
  if (row) return row as Row;
  throw Object.assign(new Error('The server answers without a row.'), { code: 'PROTOCOL_UNEXPECTED_ANSWER' });
}

/** Sets the count of received bytes to 0, when they are no longer in memory. */
export function countAnew(connection: object): void {
  counts.get(connection)!.bytes = 0;
}

/** Returns the count of bytes received of the current answer. */
export function bytesOf(connection: object): number {
  return counts.get(connection)!.bytes;
}

function boundAnswers(connection: Core, { host = '', port = 0 }: ConnectionOptions): void {
  const parser = connection.packetParser;
  const count = { bytes: 0 };
  let command = connection._command;
  let isLoggedIn = false;
  connection.once('connect', () => (isLoggedIn = true));
  counts.set(connection, count);
  const handlePacket = connection.handlePacket.bind(connection);
  connection.handlePacket = (packet) => {
    count.bytes += ROW_BYTES;
    handlePacket(packet);
  };
  connection.packetParser = {
    execute(chunk) {
      if (connection._command !== command) {
        command = connection._command;
        count.bytes = 0;
      }
      count.bytes += chunk.length;
      const isAsked = isLoggedIn && command !== null && command !== undefined;
      const limit = isAsked ? ANSWER_BYTES : UNASKED_BYTES;
      if (count.bytes <= limit) {
        parser.execute(chunk);
        return;
      }
      const when = isLoggedIn ? 'in answer to one statement' : 'before the login was done';
      socketOf(connection).destroy(answerTooLarge({ host, port }, limit, when));
    },
  };
}

function closeFully(connection: Core): void {
  const close = connection.close.bind(connection);
  const end = connection.end.bind(connection) as (...args: unknown[]) => void;
  const giveUp = () => socketOf(connection).destroy();
  connection.once('error', giveUp);
  connection.once('connect', () => connection.off('error', giveUp));
  connection.close = () => {
    close();
    giveUp();
  };
  connection.end = (...args: unknown[]) => {
    const timer = setTimeout(giveUp, END_MS);
    socketOf(connection).once('close', () => clearTimeout(timer));
    end(...args);
  };
}
