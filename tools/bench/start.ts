/**
 * `npm run bench -- start` measures the processor time of short commands, which is almost only their start: the median of
 * 10 runs with a warm compile cache. The baseline is a Node process that does nothing.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { round } from './measure.ts';

const ROUNDS = 10;
const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = join(root, 'apps/ingestor/bin/run.js');
const config = join(root, 'plugins/tabular/samples/penguins/test.yaml');

const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  node: ['node', '-e', '0'],
  version: [bin, '--version'],
  help: [bin, '--help'],
  tasks: [bin, 'tasks'],
  datasets: [bin, 'datasets', 'list'],
  validate: [bin, 'validate', '--config', config],
  ingest: [bin, 'ingest', '--config', config],
};

export function run(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-start-'));
  try {
    const seconds = new Map<string, number[]>(Object.keys(COMMANDS).map((name) => [name, []]));
    // The first round fills the compile cache, and is not counted.
    for (let index = 0; index <= ROUNDS; index++) {
      for (const [name, command] of Object.entries(COMMANDS)) {
        const storage = mkdtempSync(join(folder, 'storage-'));
        const env = {
          ...process.env,
          CLIENT_ENV: 'local',
          STORAGE_PATH: storage,
          XDG_CACHE_HOME: join(folder, 'cache'),
        };
        const used = processorTime(command, env);
        if (index > 0) seconds.get(name)?.push(used);
      }
    }
    return Promise.resolve(
      Object.fromEntries([...seconds].map(([name, measured]) => [`${name}_cpu_s`, round(median(measured), 3)])),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Returns the seconds of processor time, user and system, of a process. Node does not tell them of a child, bash does. */
function processorTime(command: readonly string[], env: NodeJS.ProcessEnv): number {
  const script = 'TIMEFORMAT="%U %S"; time "$@" > /dev/null 2>&1';
  const { stderr, status } = spawnSync('bash', ['-c', script, 'bash', ...command], { env, encoding: 'utf8' });
  // Without the redirection of the script above, the command says what is wrong.
  if (status !== 0) execFileSync(command[0]!, command.slice(1), { env, stdio: 'inherit' });
  return stderr
    .trim()
    .split(' ')
    .map(Number)
    .reduce((a, b) => a + b);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}
