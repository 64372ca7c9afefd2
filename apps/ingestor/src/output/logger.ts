import type { LogLevel } from '@tracebloc/ingestor-config';
import { printableLine } from '@tracebloc/ingestor-core';

const LEVELS: readonly LogLevel[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];

/** Writes the messages of this level and above to stderr, each as one line. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export function createLogger(level: LogLevel, write: (text: string) => void): Logger {
  const at = (lineLevel: LogLevel) => (message: string) => {
    if (LEVELS.indexOf(lineLevel) < LEVELS.indexOf(level)) return;
    write(`${new Date().toISOString()} ${lineLevel.padEnd(7)} ${printableLine(message)}\n`);
  };
  return { debug: at('DEBUG'), info: at('INFO'), warn: at('WARNING'), error: at('ERROR') };
}
