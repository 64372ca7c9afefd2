import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PACKAGE = 'vega-datasets@3.2.1';

/**
 * Returns the text of a file of the npm package vega-datasets (BSD-3-Clause). The package is fetched each time, and
 * not a dependency: it has 42 MB, of which the samples need few files, and the samples are in this repository.
 */
export function readVegaDataset(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'ingestor-vega-'));
  try {
    const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: folder, encoding: 'utf8' });
    const tarball = run('npm', 'pack', PACKAGE, '--silent').trim();
    run('tar', '--extract', '--file', tarball, `package/data/${name}`);
    return readFileSync(join(folder, 'package/data', name), 'utf8');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
