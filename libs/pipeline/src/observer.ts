/** Where a run stands. */
export type Phase = 'validate' | 'stage' | 'verify' | 'register';

export interface Progress {
  phase: Phase;
  /** Which of two datasets that are ingested as one. */
  table?: string;
  /** Records done in this phase. */
  records: number;
  /** Of `total`; bytes while reading the source, records while verifying and registering. */
  done: number;
  total: number;
}

/** What a run tells while it lasts. No method is given cell values or secrets. */
export interface RunObserver {
  progress(progress: Progress): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

export const silentObserver: RunObserver = {
  progress: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
};
