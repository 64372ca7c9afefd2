/** A cell in the form that a SQL server reads from text; `null` is a missing value. */
export type Cell = string | null;

/** A file that a record adds to the dataset's folder. */
export interface RecordFile {
  /** Absolute path of the source. Two records may have the same source. What is made has one that no other file has. */
  source: string;
  /**
   * Real path of the folder that must hold the source when it is copied, after all links are followed. `undefined` allows
   * any folder.
   */
  within?: string;
  /** Name inside the dataset's folder, without a separator; one source has one target. */
  target: string;
  /**
   * The bytes to write instead of a copy of the source. The same for the same source and options, always. A file that is not on
   * disk has them even if `TaskContext.wantsFiles` is false.
   */
  content?: Uint8Array;
  /**
   * The bytes of the source, if `records` has read them from a regular file that was in `within`. They are stored without reading the
   * source again.
   */
  bytes?: Uint8Array;
}

/** One row of a dataset's table, with the files that arrive with it. */
export interface DatasetRecord {
  /** 1-based row in the manifest, as in `Finding.row`. */
  row: number;
  label: string | null;
  /**
   * The classes of what the record holds, one for each object or tag, if its label is not one class. Train and test are compared
   * by them, and they are what is counted.
   */
  classes?: readonly string[];
  /** The value of the column that `data_id` names; `null` if the run derives it. */
  key: string | null;
  /** The file's name without its extension. */
  filename: string | null;
  /** With the dot. */
  extension: string | null;
  annotation: string | null;
  /** The stored columns, in the order of `TaskContext.columns`. */
  values: readonly Cell[];
  files: readonly RecordFile[];
}
