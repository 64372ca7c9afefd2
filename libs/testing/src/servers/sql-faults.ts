import type { Interceptor, Passage, Verdict } from './tcp-proxy.js';

/** The point at which the connection breaks. */
export type BreakingPoint =
  /** The server receives nothing of the statement. */
  | 'before'
  /** The server receives a part of the statement. */
  | 'halfway'
  /** The server receives the statement and a part of the data that LOAD DATA sends. */
  | 'in its data'
  /** The server has executed the statement, and the client receives nothing of the answer. */
  | 'answer'
  /** The client receives a part of the answer. */
  | 'half the answer';

/** An interceptor that breaks one connection, once. */
export interface StatementFault {
  intercept: Interceptor;
  /** Whether the connection was broken. A test whose fault did not happen has shown nothing. */
  readonly met: boolean;
}

/** The index of the command byte, which follows the 4 bytes of a packet's header. */
const COMMAND = 4;
const PREPARE = 0x16;
const EXECUTE = 0x17;

/** Recognizes the chunk with a matching statement. For a prepared statement this is the chunk that executes it. */
export function recognize(statement: RegExp): (passage: Passage) => boolean {
  let prepared = 0;
  return ({ direction, chunk, connection }) => {
    if (direction === 'to-client') return false;
    if (connection === prepared && chunk[COMMAND] === EXECUTE) return true;
    if (!statement.test(chunk.toString('latin1'))) return false;
    if (chunk[COMMAND] !== PREPARE) return true;
    prepared = connection;
    return false;
  };
}

/** Breaks the connection of the first statement that matches. */
export function breakAt(statement: RegExp, point: BreakingPoint): StatementFault {
  const isMet = recognize(statement);
  let sent = 0;
  let met = false;

  const judge: (passage: Passage) => Verdict = (passage) => {
    const { direction, chunk, connection } = passage;
    const half = { cut: chunk.length >> 1 };
    if (sent === 0) {
      if (!isMet(passage)) return 'pass';
      if (point === 'before') return 'reset';
      if (point === 'halfway') return half;
      sent = connection;
      return 'pass';
    }
    if (connection !== sent) return 'pass';
    if (direction === 'to-client') {
      if (point === 'answer') return 'reset';
      return point === 'half the answer' ? half : 'pass';
    }
    return point === 'in its data' ? half : 'pass';
  };
  return {
    intercept(passage) {
      if (met) return 'pass';
      const verdict = judge(passage);
      met = verdict !== 'pass';
      return verdict;
    },
    get met() {
      return met;
    },
  };
}
