import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { Config } from '@oclif/core';
import { ExitCode } from '@tracebloc/ingestor-core';
import { loadHost } from '../plugins/host.js';
import { BIN, start } from '@tracebloc/ingestor-testing/command';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Returns what scripts and people rely on. A change here changes the interface, and must be made on purpose. */
function surfaceOf({ commands, name }: Config): unknown {
  const ours = [name, '@tracebloc/ingestor-plugin-job'];
  const own = commands.filter(({ pluginName }) => ours.includes(pluginName!)).sort((a, b) => a.id.localeCompare(b.id));
  const surfaces = own.map(({ id, summary, args, flags }) => [
    id.replaceAll(':', ' '),
    {
      summary,
      args: Object.values(args).map((arg) => ({
        name: arg.name,
        required: arg.required ?? false,
        description: arg.description,
      })),
      flags: Object.values(flags)
        .sort((a, b) => a.name.localeCompare(b.name))
        .map((flag) => {
          const value = flag.type === 'option' ? `=${flag.helpValue as string}` : '';
          return `${flag.char ? `-${flag.char}, ` : ''}--${flag.name}${value} (${flag.type}): ${flag.description ?? ''}`;
        }),
    },
  ]);
  return Object.fromEntries(surfaces);
}

it('the commands, their arguments and flags are unchanged', async () => {
  // oclif loads the commands of the plugins beside the host when it starts a command.
  expect(surfaceOf(await Config.load(await loadHost(ROOT)))).toMatchSnapshot();
});

it('the exit codes are unchanged, and ingest --help lists them', async () => {
  expect(ExitCode).toMatchSnapshot();
  const { stdout } = await start(['ingest', '--help'], { env: {}, cwd: ROOT }).ended;
  expect(/^ *Exit codes:[^]*?(?=\n\n)/m.exec(stdout)?.[0]).toMatchSnapshot();
});

it('--version prints what oclif does, and fails when that cannot be written', async () => {
  const program = ['bash', '-c', '"$@"; "$@" >/dev/full', 'bash', process.execPath, BIN];
  const { code, stdout, stderr } = await start(['--version'], { env: {}, cwd: ROOT, program }).ended;
  const { userAgent } = await loadHost(ROOT);
  expect([code, stdout, stderr]).toEqual([1, `${userAgent}\n`, 'Not all of the output could be written: ENOSPC.\n']);
});
