import { tmpdir } from 'node:os';
import { expect, it } from '@jest/globals';
import { BIN, start } from '@tracebloc/ingestor-testing/command';

/** A reader reads nothing, the first line, or all but the last ones. */
const READERS = ['true', 'head -n 1', 'head -n 20'];

it('the help of a command exits with 0 when its reader closes the pipe early', async () => {
  const pipes = [
    ...READERS.map((reader) => ({ command: 'ingest', reader })),
    // A command that replaces one of oclif, and one of a plugin.
    ...['plugins install', 'job submit'].map((command) => ({ command, reader: 'head -n 1' })),
  ];
  const lines = pipes.map(
    ({ command, reader }) =>
      `"${process.execPath}" "${BIN}" ${command} --help | ${reader} > /dev/null; echo "\${PIPESTATUS[0]}"`,
  );
  const program = ['bash', '-c', lines.join('\n')];
  const { stdout, stderr } = await start([], { env: {}, cwd: tmpdir(), program }).ended;
  expect({ codes: stdout.trim().split('\n'), stderr }).toEqual({ codes: pipes.map(() => '0'), stderr: '' });
});
