import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BIN, start, type Ended } from '@tracebloc/ingestor-testing/command';
import { runAll } from './many-commands.test-support.js';

const PASSWORD = 'correct-horse-battery';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ingestor-inputs-'));
  writeFileSync(join(folder, 'rows.csv'), `a,label\n${'1,x\n2,y\n'.repeat(10)}`);
  writeFileSync(join(folder, 'ingest.yaml'), yaml('rows.csv'));
  execFileSync('mkfifo', [join(folder, 'pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const yaml = (csv: string) =>
  [
    ...['apiVersion: tracebloc.io/v1', 'kind: IngestConfig', 'category: tabular_classification', 'table: inputs'],
    ...['intent: train', `csv: ${csv}`, 'label: label', 'schema: {a: INT, label: CHAR(1)}', ''],
  ].join('\n');

const environment = () => ({ CLIENT_ENV: 'local', STORAGE_PATH: join(folder, 'storage'), DB_PASSWORD: PASSWORD });

/** Starts a command of a shell in the folder. `$ingestor` is this program. */
function shell(command: string) {
  const program = ['bash', '-c', `exec ${command.replaceAll('$ingestor', `"${process.execPath}" "${BIN}"`)}`];
  return start([], { env: environment(), cwd: folder, program });
}

function expectRefused(ended: Ended, message: string): void {
  expect(ended).toMatchObject({ code: 2 });
  expect(ended.stderr).toContain(message);
  expect(ended.stdout + ended.stderr).not.toContain(PASSWORD);
}

describe('a configuration by process substitution', () => {
  it('is read, and its paths are those of the command line', async () => {
    expect(await shell('$ingestor validate --config <(sed s/x/x/ ingest.yaml)').ended).toMatchObject({ code: 0 });
  });

  it('is split, although a pipe can be read only once', async () => {
    mkdirSync(join(folder, 'halves'));
    const ended = await shell('$ingestor split --config <(cat ingest.yaml) --output-dir halves').ended;
    expect(ended).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'halves', 'test.yaml'), 'utf8')).toContain('table: inputs_test');
  });

  it('becomes a Job', async () => {
    const config = yaml('/data/shared/rows.csv').replaceAll('\n', '\\n');
    const ended = await shell(`$ingestor job render --config <(printf '${config}') --image x`).ended;
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain('csv: /data/shared/rows.csv');
  });
});

describe('an input that stays empty, or has no end, does not hang:', () => {
  it('a configuration on a pipe that nobody writes to, on SIGTERM', async () => {
    const run = shell('$ingestor ingest --config pipe');
    // Resolves once the program has opened the pipe.
    const writer = await open(join(folder, 'pipe'), 'w');
    run.kill('SIGTERM');
    const sentAt = performance.now();
    expect(await run.ended).toMatchObject({ code: 130, stdout: '' });
    expect(performance.now() - sentAt).toBeLessThan(7000);
    await writer.close();
  });

  it('a configuration that has no end', async () => {
    const ended = await shell('$ingestor validate --config <(cat /dev/zero)').ended;
    expectRefused(ended, 'has more than 1048576 bytes');
  });
});

it('/dev/stdin is read as a manifest if it is redirected from a file', async () => {
  writeFileSync(join(folder, 'stdin.yaml'), yaml('/dev/stdin'));
  expect(await shell('$ingestor ingest --config stdin.yaml < rows.csv').ended).toMatchObject({ code: 0 });
});

describe("a device, a pipe and the system's own state are not data:", () => {
  const STATE = 'where the system shows its own state';
  const COMMANDS: [string, string][] = [
    ['validate --config /dev/zero', 'the file "/dev/zero" is a device'],
    ['validate --config ingest.yaml --label-file pipe', 'pipe" is a pipe'],
    ['init pipe --dry-run', 'pipe is a pipe.'],
    // The manifest is a link to the environment, in which the password is.
    ['validate --config environ.yaml', STATE],
    ['validate --config /proc/self/environ', STATE],
    ['split /proc/self/environ', STATE],
  ];
  let answered: Ended[];

  beforeAll(async () => {
    symlinkSync('/proc/self/environ', join(folder, 'link.csv'));
    writeFileSync(join(folder, 'environ.yaml'), yaml('link.csv'));
    answered = await runAll(
      COMMANDS.map(([line]) => ({ args: line.split(' '), env: environment() })),
      folder,
    );
  });

  it.each(COMMANDS.map(([line, message], index) => [line, message, index] as const))('%s', (_line, message, index) => {
    expectRefused(answered[index]!, message);
  });
});
