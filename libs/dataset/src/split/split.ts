import type { Column } from '@tracebloc/ingestor-contract';
import type { IngestorError } from '@tracebloc/ingestor-core';
import { DATASET_ERRORS } from '../errors.js';
import { resolveColumns } from '../records/columns.js';
import type { ManifestReading } from '../manifest/reading.js';
import { type ManifestReader, openReader } from '../manifest/reader.js';
import { type CollectedReport, createReport } from '../findings/report.js';
import type { ReaderOptions } from '../manifest/types.js';
import { TimePlan } from './by-time.js';
import { SPLIT_FINDINGS } from './findings.js';
import { GroupedPlan } from './grouped.js';
import { ManifestWriter, type Preamble, type TextSink } from './manifest-writer.js';
import { Classes, type Chooser, type Plan, type ReadColumn } from './plan.js';
import { SeededRandom } from './random.js';
import { SpanCheck } from './span-check.js';
import { openRecordTexts, type RecordText } from './record-texts.js';
import { StratifiedPlan } from './stratified.js';
import { compileTime, compileValue } from './values.js';

export interface SplitRequest {
  source: ReaderOptions;
  /** The size of the test set: a number of rows if it is 1 or more, else a fraction of all rows. */
  testSize: number;
  seed: number;
  /** The column whose values keep their proportions on both sides. */
  label?: string;
  /** The column whose rows with equal values stay on one side. */
  groupBy?: string;
  /** The time column: the latest rows are the test set, regardless of the seed. Not together with `groupBy`. */
  time?: string;
  /** The column that names the files of the rows. A file with rows in both sets is a warning. */
  filename?: string;
  /** The types that the configuration declares; without them, a column has the type that its cells look like. */
  schema?: readonly Column[];
  signal: AbortSignal;
}

/** The number of rows of a class on each side. */
export interface ClassSplit {
  label: string;
  train: number;
  test: number;
}

export interface SplitResult {
  /** The number of rows on each side. Both are 0 if errors were found. */
  train: number;
  test: number;
  /** The number of rows that were skipped because `on_bad_lines` is `warn`. */
  skipped: number;
  /** The classes of the label, in the order of their first rows. */
  classes: ClassSplit[];
  /** The number of groups on each side. */
  groups?: { train: number; test: number };
}

/**
 * Splits a manifest in two. The first pass counts, the second writes each record, unchanged, to one of the sinks; neither
 * keeps the rows in memory. Problems of the file are reported, and then nothing is written.
 */
export async function splitManifest(
  request: SplitRequest,
  sinks: { train: TextSink; test: TextSink },
  report: CollectedReport,
): Promise<SplitResult> {
  const survey = await surveyRows(request, report);
  if (!survey || report.errors > 0) return { train: 0, test: 0, skipped: 0, classes: [] };
  const { rows, skipped, plan } = survey;
  const chooser = await plan.choose(rowsWanted(request.testSize, rows));
  const { train, test, classes, reading } = await writeSides(request, chooser, survey, sinks);
  if (String(reading) !== String(survey.reader.reading)) throw changed();
  // This checks the whole file, which was read once for each pass.
  await survey.reader.confirm(request.signal).catch((cause: unknown) => {
    throw request.signal.aborted ? cause : changed(cause);
  });
  if (train === 0 || test === 0) throw oneSided(request);
  reportClasses(classes, request, report);
  survey.spans?.finish(report, request.source.file);
  const groups =
    plan instanceof GroupedPlan ? { train: plan.groups - plan.testGroups, test: plan.testGroups } : undefined;
  return { train, test, skipped, classes, groups };
}

interface Survey {
  reader: ManifestReader;
  rows: number;
  skipped: number;
  plan: Plan;
  label: ReadColumn | undefined;
  /** Looks for values with rows in both sets. A cut by time may well divide them. */
  spans: SpanCheck | undefined;
}

async function surveyRows(request: SplitRequest, report: CollectedReport): Promise<Survey | undefined> {
  const { source, label, groupBy, time, signal } = request;
  const reader = openReader(source);
  const manifest = await reader.open(report, signal);
  if (!manifest) return undefined;
  const wanted = [label, groupBy, time].filter((name) => name !== undefined);
  const columns = resolveColumns({ header: manifest.header, file: source.file, report }, wanted);
  if (report.errors > 0) return undefined;

  const columnOf = (name: string) => {
    const index = columns.get(name) ?? manifest.header.indexOf(name);
    return { name, index, read: compileValue(name, reader, request.schema) };
  };
  const plan = planOf(request, columnOf, reader, report);
  let rows = 0;
  for await (const batch of manifest.batches) {
    rows += batch.rows.length;
    batch.rows.forEach((cells, index) => plan.add(cells, batch.lines[index]!));
  }
  if (plan instanceof GroupedPlan && plan.withoutGroup > 0) {
    const message = `${plan.withoutGroup} rows have no group.`;
    SPLIT_FINDINGS.report(report, 'missing-group', () => ({ message, file: source.file, column: groupBy }));
  }
  const spans = time === undefined ? new SpanCheck(manifest.header, request, columnOf) : undefined;
  const labelColumn = label === undefined ? undefined : columnOf(label);
  return { reader, rows, skipped: reader.skipped, plan, label: labelColumn, spans };
}

function planOf(
  { source, seed, label, groupBy, time, schema }: SplitRequest,
  columnOf: (name: string) => ReadColumn & { name: string },
  reader: ManifestReader,
  report: CollectedReport,
): Plan {
  if (time !== undefined) {
    const location = { report, file: source.file, column: time };
    return new TimePlan(columnOf(time).index, () => compileTime(time, reader, schema), location);
  }
  const classes = new Classes(label === undefined ? undefined : columnOf(label));
  const random = new SeededRandom(seed);
  if (groupBy === undefined) return new StratifiedPlan(classes, random);
  return new GroupedPlan(columnOf(groupBy), classes, random);
}

async function writeSides(
  { source, signal }: SplitRequest,
  chooser: Chooser,
  { label, spans }: Survey,
  sinks: { train: TextSink; test: TextSink },
): Promise<{ train: number; test: number; classes: ClassSplit[]; reading: ManifestReading }> {
  // The first pass has already reported everything.
  const reader = openReader(source);
  const manifest = await reader.open(createReport(), signal);
  if (!manifest) throw changed();
  const { form, batches } = await openRecordTexts(source, signal);
  try {
    const texts = new Cursor(batches);
    let writers: { train: ManifestWriter; test: ManifestWriter } | undefined;
    const tally = new Tally(label);
    for await (const { rows, lines } of manifest.batches) {
      if (!writers) {
        const countsLines = Array.isArray(source.csv.header) || (source.csv.skipRows ?? 0) > 0;
        const preamble = form === 'csv' ? await texts.before(lines[0]!, countsLines) : undefined;
        const writerTo = (sink: TextSink) =>
          new ManifestWriter(sink, form, preamble, manifest.header, source.json?.records);
        writers = { train: writerTo(sinks.train), test: writerTo(sinks.test) };
      }
      const records = await texts.take(lines);
      for (const [index, cells] of rows.entries()) {
        const side = chooser.isTest(cells) ? 'test' : 'train';
        writers[side].add(records[index]!);
        tally.add(cells, side);
        spans?.add(cells, side);
      }
      await Promise.all([writers.train.flush(), writers.test.flush()]);
    }
    if (!writers) throw changed();
    const { train, test } = writers;
    const footer = source.csv.skipFooter ? await texts.toEnd() : '';
    await Promise.all([train.end(footer), test.end(footer)]);
    return { train: train.count, test: test.count, classes: tally.classes, reading: reader.reading };
  } finally {
    // This closes the file: the generator was not run to its end.
    await batches.return();
  }
}

/** Counts the rows of each class on each side. */
class Tally {
  readonly classes: ClassSplit[] = [];
  readonly #indices: Classes;

  constructor(private readonly label: ReadColumn | undefined) {
    this.#indices = new Classes(label);
  }

  add(cells: readonly string[], side: 'train' | 'test'): void {
    if (this.label === undefined) return;
    const index = this.#indices.indexOf(cells);
    (this.classes[index] ??= { label: this.label.read(cells[this.label.index]!), train: 0, test: 0 })[side]++;
  }
}

/** Finds the texts of records by their numbers, in ascending order. */
class Cursor {
  #batch: RecordText[] = [];
  #at = 0;

  constructor(private readonly batches: AsyncGenerator<RecordText[], void>) {}

  /**
   * Returns all text before the record with a number, and the line ending of the file. Blank lines are left out unless the
   * format counts lines.
   */
  async before(row: number, countsLines: boolean): Promise<Preamble> {
    let text = '';
    for (;;) {
      const record = await this.#next();
      if (record.row >= row) {
        this.#at--;
        return { text, end: record.end };
      }
      if (countsLines || record.text.trim() !== '') text += record.text + record.end;
    }
  }

  /** Returns all text after the records that were taken. */
  async toEnd(): Promise<string> {
    let texts = this.#batch.slice(this.#at);
    for await (const batch of this.batches) texts = [...texts, ...batch];
    return texts.map(({ text, end }) => text + end).join('');
  }

  /** Returns the texts of the records with these numbers. The records between them are skipped. */
  async take(rows: readonly number[]): Promise<string[]> {
    const texts: string[] = [];
    for (const row of rows) {
      // Awaiting for each record would be slow.
      let record = this.#batch[this.#at++] ?? (await this.#next());
      while (record.row < row) record = this.#batch[this.#at++] ?? (await this.#next());
      if (record.row > row) throw changed();
      texts.push(record.text);
    }
    return texts;
  }

  async #next(): Promise<RecordText> {
    while (this.#at >= this.#batch.length) {
      const { done, value } = await this.batches.next();
      if (done) throw changed();
      this.#batch = value;
      this.#at = 0;
    }
    return this.#batch[this.#at++]!;
  }
}

function rowsWanted(testSize: number, rows: number): number {
  if (rows < 2) {
    throw DATASET_ERRORS.make('too-few-rows', {
      message: 'The file has only one row, which cannot be split.',
      fix: 'Use a file with at least two rows.',
    });
  }
  if (testSize < rows) return testSize >= 1 ? testSize : Math.min(Math.max(Math.round(testSize * rows), 1), rows - 1);
  throw DATASET_ERRORS.make('test-size-too-large', {
    message: `A test set of ${testSize} rows leaves none of the ${rows} rows of the file for training.`,
    fix: 'Set --test-size to a fraction, such as 0.2, or to fewer rows.',
  });
}

function reportClasses(classes: readonly ClassSplit[], { source, label }: SplitRequest, report: CollectedReport): void {
  for (const { label: value, train, test } of classes) {
    const about = { file: source.file, column: label, value };
    if (train + test === 1) {
      const message = `The class has only one row, which is in the ${test === 0 ? 'training' : 'test'} set.`;
      SPLIT_FINDINGS.report(report, 'single-row-class', () => ({ ...about, message }));
    } else if (train === 0 || test === 0) {
      const message = `All ${train + test} rows of the class are in the ${test === 0 ? 'training' : 'test'} set.`;
      SPLIT_FINDINGS.report(report, 'one-sided-class', () => ({ ...about, message }));
    }
  }
}

function oneSided({ groupBy, time }: SplitRequest): IngestorError {
  const [message, fix] =
    time !== undefined
      ? ['All rows after the cut have the same time, so no row is left for the test set.', 'Set a larger --test-size.']
      : groupBy !== undefined
        ? ['All rows belong to one group, which cannot be split.', 'Group by another column, or omit --group-by.']
        : [
            'Every class has only one row, so no row is left for the test set.',
            'Omit --label for a plain random split.',
          ];
  return DATASET_ERRORS.make('one-sided-split', { message, fix });
}

function changed(cause?: unknown): IngestorError {
  return DATASET_ERRORS.make('source-changed', {
    message: 'The file changed while it was being split.',
    fix: 'Run the same command again when nothing writes to the file any more.',
    cause,
  });
}
