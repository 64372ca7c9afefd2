/** The part of a run whose progress is reported. */
export type Phase = 'validate' | 'stage' | 'verify' | 'register';

export interface Progress {
  phase: Phase;
  /** The dataset's table, when a train and a test dataset are ingested together. */
  table?: string;
  /** Records done in this phase. */
  records: number;
  /** Part of `total` that is done: bytes while the source is read, records while they are verified or registered. */
  done: number;
  total: number;
}

/** A step that a process takes in a run. A process that continues a run leaves out the steps that are done. */
export type RunPhase =
  /** The database is connected, and the run may begin. */
  | 'connected'
  /** The first batch of records is written; the source is validated in the same pass. */
  | 'staging'
  /** All records are staged. */
  | 'staged'
  | 'verifying'
  | 'publishing'
  | 'published'
  | 'registering'
  | 'registered';

export interface PhaseEvent {
  phase: RunPhase;
  table: string;
  /** The run's id; `undefined` before the run is known. */
  runId?: string;
}

/** Receives what happens during a run. No method receives cell values or secrets. */
export interface RunObserver {
  progress(progress: Progress): void;
  /** Called as a phase begins. */
  phase?(event: PhaseEvent): void;
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
