export type Severity = 'error' | 'warning';

/** One problem with the data, described so that a person can act on it. */
export interface Finding {
  severity: Severity;
  /** Stable and documented, in kebab-case; one of the task's or the reader's `FindingCode`s. */
  code: string;
  /** One sentence: what is wrong. Holds no cell values; those go into `value`. */
  message: string;
  /** The file's name as in the configuration, or a path below the source folder. */
  file?: string;
  /** 1-based line of the file where the record begins (the header is line 1); in a JSON array, the 1-based element. */
  row?: number;
  column?: string;
  /** The offending value as written. It stays on the user's machine: reports show it, logs and metadata never do. */
  value?: string;
  expected?: string;
  /** One sentence: what to do about it. */
  fix: string;
}

/** Documents a finding's code. */
export interface FindingCode {
  code: string;
  severity: Severity;
  /** When it is reported, in a sentence. */
  meaning: string;
  fix: string;
}

/** How often a code was reported. */
export interface FindingTotal {
  code: string;
  severity: Severity;
  total: number;
}

/** Collects findings. Every finding is counted; a capped number of each code is kept for showing. */
export interface Report {
  add(finding: Finding): void;
  /** Findings of severity `error` so far. */
  readonly errors: number;
  /** Findings of severity `warning` so far. */
  readonly warnings: number;
  /** True once as many findings of the code are kept as will be shown: a caller in a hot loop may then use `count`. */
  isFull(code: string): boolean;
  /** Counts a finding of a code that is full, without building it. */
  count(code: string, severity: Severity): void;
  /**
   * Adds what the data shows although nothing is wrong, in a sentence: "The series has a row every 15 minutes, without gaps."
   * It quotes no value. It is absent in hosts of earlier versions.
   */
  note?(sentence: string): void;
}
