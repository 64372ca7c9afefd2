import { Writable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { guardStreams, outputFailure, styledPrintable } from './streams.js';

it.each([
  ['\u001b[1mbold\u001b[22m \u001b[31mred\u001b[39m \u001b[38;5;208mbright\u001b[0m', undefined],
  ['\u001b[8mhidden', '\\u001b[8mhidden'],
  ['\u001b[2J\u001b[H\u001b]0;title\u0007', '\\u001b[2J\\u001b[H\\u001b]0;title\\u0007'],
  ['\u009b31m', '\\u009b31m'],
  ['\u001b[', '\\u001b['],
  ['\u001b[31;8m', '\\u001b[31;8m'],
])('a terminal gets only text and its colours: %j', (text, shown = text) => {
  expect(styledPrintable(text)).toBe(shown);
});

it('a prompt of oclif may move the cursor, and no more', () => {
  const prompt = '\u001b[2m(Y/n)\u001b[22m\u001b[36G\u001b[1A\u001b[2K\u001b[?25h';
  expect(styledPrintable(prompt, true)).toBe(prompt);
  expect(styledPrintable('\u001b]52;c;ZQ==\u0007\u001b[6n\u001bc', true)).toBe(
    '\\u001b]52;c;ZQ==\\u0007\\u001b[6n\\u001bc',
  );
  expect(styledPrintable('\u001b[2K\u001b[1A')).toBe('\\u001b[2K\\u001b[1A');
});

it('a write that stdout never answers is not waited for once stdout has failed', async () => {
  const { stdout, stderr } = process;
  const silent = new Writable({ write: () => undefined });
  const answering = new Writable({ write: (_chunk, _encoding, done) => done() });
  const use = (streams: { stdout: Writable; stderr: Writable }) => {
    for (const [name, value] of Object.entries(streams))
      Object.defineProperty(process, name, { value, configurable: true });
  };
  use({ stdout: silent, stderr: answering });
  try {
    guardStreams();
    process.stdout.write('text');
    const failure = outputFailure();
    silent.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    expect(await failure).toMatchObject({ code: 'ENOSPC' });
  } finally {
    use({ stdout, stderr });
  }
});
