import type { FormatPlugin, TaskType } from '@tracebloc/ingestor-contract';
import { ConfigError, type RunConfig, formatProblem } from '@tracebloc/ingestor-config';
import { type ConformanceCheck, type Problems, check } from './check.js';
import { checkDamage } from './damage.js';
import { checkDetection } from './detection.js';
import { checkFindings, checkPackage, checkPlugin, checkTask } from './form.js';
import { checkDeterministic, checkReadOnly, checkValid } from './reading.js';
import { checkRecords } from './records.js';
import { type Sample, findSamples, openSample, withCopy } from './sample.js';
import { checkShards } from './shards.js';
import { checkComposed, checkResolve, checkSchemas } from './schemas.js';
import { checkCancellation, checkMemory, lengthen } from './streaming.js';

export { type ConformanceCheck, ConformanceError } from './check.js';
export { type TaskInput, type TaskOutput, readTask } from './read-task.js';

export interface ConformanceOptions {
  /** The plugin's package folder, with package.json, README.md and samples/<name>/<file>.yaml. */
  folder: string;
}

/**
 * Returns checks of what every plugin must do, for any test runner. Some of them take seconds. With jest:
 * `it.each(conformanceChecks(plugin, { folder: '.' }))('$name', ({ run }) => run(), 60_000)`.
 */
export function conformanceChecks(plugin: FormatPlugin, { folder }: ConformanceOptions): ConformanceCheck[] {
  const tasks: readonly TaskType[] = Array.isArray(plugin.tasks) ? plugin.tasks : [];
  const samples = findSamples(folder);
  return [
    check('plugin: has the form of the contract', () => checkPlugin(plugin)),
    check('plugin: is a package that the host finds', () => checkPackage(folder)),
    check('plugin: has samples that fit the schema composed of its tasks', () => checkComposed(tasks, samples, folder)),
    ...tasks.flatMap((task) => taskChecks(task, samples, folder)),
  ];
}

function taskChecks(task: TaskType, all: readonly Sample[], folder: string): ConformanceCheck[] {
  const samples = all.filter(({ document }) => document.category === task.id);
  const [first] = samples;
  return [
    check(`${task.id}: describes itself`, () => checkTask(task)),
    check(`${task.id}: has a complete catalogue of findings`, () => checkFindings(task)),
    check(`${task.id}: has valid schemas for its options`, () => checkSchemas(task)),
    check(`${task.id}: has a sample`, () => (first ? [] : [missingSample(task)])),
    ...samples.flatMap((sample) => sampleChecks(task, sample, folder)),
    ...(first ? streamChecks(task, first, folder) : []),
  ];
}

function missingSample({ id }: TaskType): string {
  return `No file samples/<name>/<file>.yaml has the category ${id}: add a small dataset that can be ingested without changes.`;
}

/** Returns the checks of every sample. */
function sampleChecks(task: TaskType, sample: Sample, folder: string): ConformanceCheck[] {
  const onCopy = checksOnCopy(task, sample, folder);
  return [
    onCopy('is valid', checkValid),
    check(`${task.id}: resolves the options of ${sample.name} the same each time`, () => checkResolve(task, sample)),
    onCopy('yields records of the right form', checkRecords),
    onCopy('is read the same each time', checkDeterministic),
    onCopy('is only read', checkReadOnly),
    onCopy('is the same in shards', checkShards),
  ];
}

/** Returns the checks of only one sample of a task, since they take longer. */
function streamChecks(task: TaskType, sample: Sample, folder: string): ConformanceCheck[] {
  const onCopy = checksOnCopy(task, sample, folder);
  return [
    onCopy('reports findings if its manifest is broken', checkDamage),
    ...(task.detect ? [onCopy('is recognised by detect', checkDetection)] : []),
    onCopy('is read in flat memory', async function* (config) {
      await lengthen(config);
      yield* checkMemory(config);
    }),
    onCopy('is not read further when the run is cancelled', async function* (config) {
      await lengthen(config);
      yield* checkCancellation(config);
    }),
  ];
}

/**
 * Returns a function that makes a check of a copy of the samples. If the sample's configuration cannot be resolved, only
 * the check "is valid" says so, and the others do nothing.
 */
function checksOnCopy(task: TaskType, sample: Sample, folder: string) {
  return (what: string, find: (config: RunConfig, samples: string) => Problems): ConformanceCheck =>
    check(`${task.id}: ${sample.name} ${what}`, () =>
      withCopy(folder, async function* (samples) {
        let config;
        try {
          config = await openSample(samples, sample, task);
        } catch (error) {
          if (!(error instanceof ConfigError)) throw error;
          if (find === checkValid) yield* error.problems.map(formatProblem);
          return;
        }
        yield* find(config, samples);
      }),
    );
}
