import { dirname } from 'node:path';
import type { FindingTotal } from '@tracebloc/ingestor-contract';
import { type IngestorError, InterruptedError } from '@tracebloc/ingestor-core';
import type { Finding, TaskType } from '@tracebloc/ingestor-contract';
import { createReport, splitManifest, type SplitResult } from '@tracebloc/ingestor-dataset';
import { interruptible } from '@tracebloc/ingestor-cli';
import { boundMemory } from '../bound-memory.js';
import { refuseInput, type Inputs } from '../files/guard.js';
import { PendingFiles, refuseExisting } from '../files/pending.js';
import { configsOf, findSplitSource, pathsOf, type SplitPaths } from './source.js';
import { makeError } from '../../errors.js';

export interface SplitCommand {
  tasks: readonly TaskType[];
  manifest?: string;
  config?: string;
  label?: string;
  /** The text that the user typed: a fraction or a number of rows. */
  testSize: string;
  seed: number;
  groupBy?: string;
  time?: string;
  outputDir?: string;
  /** Replaces files that exist. */
  force: boolean;
}

interface Findings {
  totals: FindingTotal[];
  findings: Finding[];
}

export type SplitReport =
  | ({
      outcome: 'written';
      /** The manifest that was split. */
      source: string;
      /** What decided: chance with the seed, whole groups with the seed, or time. */
      by: 'chance' | 'groups' | 'time';
      seed: number;
      label?: string;
      /** The absolute paths of the written files. */
      files: SplitPaths;
      rows: Pick<SplitResult, 'train' | 'test' | 'skipped'>;
    } & Pick<SplitResult, 'classes' | 'groups'> &
      Findings)
  | ({ outcome: 'invalid'; source: string } & Findings);

/** Splits a manifest, and writes both sides and their configurations. Writes nothing if the manifest is not valid. */
export async function splitCommand(command: SplitCommand): Promise<SplitReport> {
  const testSize = readTestSize(command.testSize);
  const source = await findSplitSource(command.tasks, command.manifest, command.config);
  const { path } = source.reader;
  const files = pathsOf(source, command.outputDir);
  await checkOutputs(files, { files: [path, source.config?.path], folders: [] }, command.force);

  const { seed } = command;
  if (command.time !== undefined && source.groups) throw dividesGroups(source.groups.name);
  const groupBy = command.groupBy ?? source.groups?.column;
  const label = command.label ?? source.label;
  const time = command.time ?? (groupBy === undefined ? source.time : undefined);
  const report = createReport();
  const pending = new PendingFiles();
  const work = async (signal: AbortSignal) => {
    await pending.makeFolder(dirname(files.train.manifest));
    const sinks = {
      train: await pending.create(files.train.manifest),
      test: await pending.create(files.test.manifest),
    };
    const { reader, schema, filename } = source;
    const request = { source: reader, testSize, seed, label, groupBy, time, filename, schema, signal };
    const result = await splitManifest(request, sinks, report);
    if (report.errors > 0) return result;
    for (const config of await configsOf(source, files)) await (await pending.create(config.path)).write(config.text);
    if (signal.aborted) throw new InterruptedError();
    await pending.commit();
    return result;
  };
  boundMemory();
  const result = await interruptible(work, { meanwhile: 'removing what was written' })
    .catch((error: unknown) => {
      throw error instanceof InterruptedError ? interrupted(error) : error;
    })
    .finally(() => pending.discard());

  const findings = { totals: report.totals(), findings: report.findings() };
  if (report.errors > 0) return { outcome: 'invalid', source: path, ...findings };
  const { train, test, skipped, classes, groups } = result;
  const by = time !== undefined ? 'time' : groups ? 'groups' : 'chance';
  const about = { source: path, by, seed, label, files, rows: { train, test, skipped }, classes, groups } as const;
  return { outcome: 'written', ...about, ...findings };
}

function readTestSize(text: string): number {
  const size = /^\d*\.?\d+$/.test(text) ? Number(text) : NaN;
  if (size > 0 && (size < 1 || Number.isSafeInteger(size))) return size;
  throw makeError('wrong-usage', {
    message: `${text} is not a valid --test-size.`,
    fix: 'Give a fraction between 0 and 1, such as 0.2, or a number of rows, such as 500.',
  });
}

function dividesGroups(name: string): IngestorError {
  return makeError('wrong-usage', {
    message: `A cut by time would divide a ${name} between train and test.`,
    fix: `Omit --time: whole ${name}s are chosen then.`,
  });
}

/** Throws if an output exists, unless `force` is set, or if it is an input. */
async function checkOutputs({ train, test }: SplitPaths, inputs: Inputs, force: boolean): Promise<void> {
  const outputs = [train, test].flatMap(({ manifest, config }) =>
    config === undefined ? [manifest] : [manifest, config],
  );
  for (const path of outputs)
    await refuseInput(path, inputs, 'Write to another folder, such as --output-dir halves; it is made.');
  refuseExisting(outputs, force);
}

function interrupted(cause: InterruptedError): IngestorError {
  return new InterruptedError('The split was interrupted; nothing was written.', {
    fix: 'Run the same command again: the same seed gives the same files.',
    cause,
  });
}
