import { defineErrors, ExitCode, type IngestorError } from '@tracebloc/ingestor-core';

/** The errors that a run, and what reads or removes its dataset, throw. */
export const errors = defineErrors({
  'table-has-other-columns': {
    meaning: 'The table exists, and its columns are not those of the schema.',
  },
  'dataset-exists': {
    meaning: 'The table holds another dataset, or one that is not in the catalog, and `--overwrite` was not given.',
  },
  'source-in-target': {
    meaning: 'The source lies where the dataset is written, so that publishing would destroy it.',
    exitCode: ExitCode.usage,
  },
  'source-changed': {
    meaning: 'The source, the configuration or the number of shards is not that of the unfinished run.',
  },
  'storage-full': {
    meaning: 'The volume has less free space than the dataset may need.',
  },
  'lock-lost': {
    meaning: 'The connection that held the lock on the table broke while the run was at work.',
  },
  'staged-differs': {
    meaning: 'What the run has staged is not what was loaded; nothing was published.',
  },
  'published-differs': {
    meaning: 'The published table is not what was loaded; nothing was registered.',
  },
  'rows-missing': {
    meaning: 'Rows of the published table were removed before its registration was complete.',
  },
  'dataset-damaged': {
    meaning: 'Files of a published dataset are not on the volume at `STORAGE_PATH`.',
  },
  'registered-elsewhere': {
    meaning: 'The registration of the dataset began with a registry that has another address.',
  },
  'invalid-elsewhere': {
    meaning: 'Another shard found errors in the dataset, which ends the run for every shard.',
    exitCode: ExitCode.invalidData,
  },
  'shards-do-not-fit': {
    meaning: 'The records of the shards are not those that one process would have read.',
  },
  'not-a-pair': {
    meaning: 'Two configurations were given, and they are not one for training and one for testing.',
    exitCode: ExitCode.usage,
  },
  'pair-mismatch': {
    meaning: 'The configurations of the train and the test dataset do not agree.',
    exitCode: ExitCode.usage,
  },
  'wrong-usage': {
    meaning: 'Options were combined that exclude each other.',
    exitCode: ExitCode.usage,
  },
  'unknown-run': {
    meaning: 'No run, or more than one, has the id or the beginning of an id that was given.',
  },
  'unknown-dataset': {
    meaning: 'The catalog has no dataset for the table.',
  },
  'dataset-files-elsewhere': {
    meaning: 'The files of the dataset that is to be deleted are not on this volume; nothing was deleted.',
  },
  'dataset-changed': {
    meaning: 'The dataset was replaced or deleted while it was verified.',
  },
});

/** For the generated `docs/errors.md`. */
export const PIPELINE_ERRORS = errors.list;

/** Appends a sentence to the error's message. Returns the same error, which keeps its class, stack and cause. */
export function withNote<E extends IngestorError>(error: E, note: string): E {
  error.message = `${error.message}\n${note}`;
  return error;
}
