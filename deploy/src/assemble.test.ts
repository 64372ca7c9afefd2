import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const ASSEMBLE = fileURLToPath(new URL('../assemble.ts', import.meta.url));

it('offers the image only format plugins, and not the job commands', () => {
  const folder = join(tmpdir(), 'never-made');
  const { status, stderr } = spawnSync(process.execPath, [ASSEMBLE, folder, 'job'], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^There is no format job\. Choose from: (?!.*\bjob\b).*\btext\b.*\.$/m);
});
