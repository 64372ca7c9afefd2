/**
 * Builds the image from deploy/Dockerfile, and runs pods made of the Jobs that deploy/job renders, against a MariaDB and a
 * backend on this machine's loopback interface. Needs root; installs what it lacks with apt. Leaves those packages behind,
 * and the small index that Buildah keeps in /var/lib/containers/cache.
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
import { World } from './world.ts';

const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), 'ingestor-e2e-job-'));
let containers;
let world;
let failed = 0;
const all = [
  { name: 'what is in the image', run: () => checkImage(containers) },
  { name: 'fewer formats, another processor', run: () => checkAssembly(containers, folder) },
  { name: 'an image FROM this one', run: () => extendImage(containers, folder) },
  ...cases.map(({ name, run }) => ({ name, run: () => run({ containers, world }) })),
];

try {
  await step('tools', installTools);
  containers = new Containers(folder);
  await step('base image', () => buildBase(containers));
  await step('image', () => buildImage(containers));
  world = await step('MariaDB and backend', () => World.start(folder));
  for (const { name, run } of all) await step(name, run, { isCase: true });
} finally {
  await world?.stop();
  await containers?.remove();
  rmSync(folder, { recursive: true, force: true });
}
const passed = all.length - failed;
process.stdout.write(`${((performance.now() - started) / 1000).toFixed(0)} s\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Says what is under way and how long it took. A case that fails does not keep the next one from running. */
async function step(name, work, { isCase = false } = {}) {
  const before = performance.now();
  const tell = (mark) =>
    process.stdout.write(`${mark} ${name} (${((performance.now() - before) / 1000).toFixed(1)} s)\n`);
  try {
    const result = await work();
    tell('✔');
    return result;
  } catch (error) {
    tell('✖');
    if (!isCase || !(error instanceof assert.AssertionError)) throw error;
    failed++;
    process.stdout.write(`${error.stack}\n`);
  }
}
