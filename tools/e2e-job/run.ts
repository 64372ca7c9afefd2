/**
 * Builds the image from deploy/Dockerfile and runs pods of the Jobs that deploy/job renders, with a MariaDB and a backend on
 * the loopback interface of this machine. Needs root, and installs missing programs with apt. It leaves those programs, and
 * the small index of Buildah in /var/lib/containers/cache.
 *
 * Usage: npm run e2e:job
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBase } from './base.ts';
import { cases } from './cases.ts';
import { Containers } from './containers.ts';
import { buildImage, checkAssembly, checkImage, extendImage } from './image.ts';
import { installTools } from './install.ts';
import type { Surroundings } from './pod.ts';
import { World } from './world.ts';

const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'ingestor-e2e-job-'));
let containers: Containers | undefined;
let world: World | undefined;
let failed = 0;
const all: { name: string; run: (surroundings: Surroundings) => Promise<void> }[] = [
  { name: 'the image has what it needs, and no more', run: ({ containers }) => checkImage(containers) },
  { name: 'fewer formats, another processor', run: ({ containers }) => checkAssembly(containers, folder) },
  { name: 'an image FROM this one', run: ({ containers }) => extendImage(containers, folder) },
  ...cases,
];

try {
  await step('tools', installTools);
  const made = (containers = new Containers(folder));
  await step('base image', () => buildBase(made));
  await step('image', () => buildImage(made));
  const started = (world = await step('MariaDB and backend', () => World.start(folder)));
  for (const { name, run } of all) await tryCase(name, () => run({ containers: made, world: started }));
} finally {
  await world?.stop();
  await containers?.remove();
  rmSync(folder, { recursive: true, force: true });
}
const passed = all.length - failed;
process.stdout.write(`${((performance.now() - started) / 1000).toFixed(0)} s\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Does the work, then prints its name and how long it took. */
async function step<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  const before = performance.now();
  const report = (mark: string) =>
    process.stdout.write(`${mark} ${name} (${((performance.now() - before) / 1000).toFixed(1)} s)\n`);
  try {
    const result = await work();
    report('✔');
    return result;
  } catch (error) {
    report('✖');
    throw error;
  }
}

/** Runs a case. A failed assertion is printed and counted, and the next case runs. */
async function tryCase(name: string, run: () => Promise<void>): Promise<void> {
  try {
    await step(name, run);
  } catch (error) {
    if (!(error instanceof assert.AssertionError)) throw error;
    failed++;
    process.stdout.write(`${error.stack ?? error.message}\n`);
  }
}
