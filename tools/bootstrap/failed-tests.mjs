// @ts-check
/** What `npm test` says last: every test that failed, with its message. Runs with Node 20, as run.mjs does. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** The lines of a failed test that are shown, the characters of a line, and the lines of a task that ended without saying why. */
const [MOST_LINES, MOST_CHARACTERS, LAST_LINES] = [60, 500, 60];

/**
 * Runs a command, and passes its output on. Returns its exit code and the lines of its output, without colours. It returns
 * after SIGINT and SIGTERM too, when the command has ended.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {Promise<{ code: number, lines: string[] }>}
 */
export function runAndKeep(command, args, options) {
  const child = spawn(command, args, { ...options, stdio: ['inherit', 'pipe', 'pipe'] });
  // A terminal sends SIGINT to the command itself.
  const [ignore, pass] = [() => undefined, () => void child.kill('SIGTERM')];
  process.on('SIGINT', ignore).on('SIGTERM', pass);
  /** @type {string[]} */
  const lines = [];
  for (const [from, to] of /** @type {const} */ ([
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ])) {
    let rest = '';
    from?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      to.write(text);
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts.map((line) => stripVTControlCharacters(line).trimEnd()));
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => {
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve({ code: 1, lines });
    });
    child.once('close', (code) => {
      process.off('SIGINT', ignore).off('SIGTERM', pass);
      resolve({ code: code ?? 1, lines });
    });
  });
}

/**
 * Returns what failed, by the files that jest.failed-tests.mjs wrote into a folder and by the output of nx: first the
 * messages, then the names, which a log that is cut still shows.
 *
 * @param {string} folder
 * @param {string[]} lines the output of nx, without colours.
 */
export function describeFailures(folder, lines) {
  const { names, details } = failedTests(folder);
  for (const task of failedTasks(lines)) {
    const own = lines.filter((line) => line.startsWith(`${projectOf(task)}: `));
    if (own.some((line) => / {2}● /.test(line))) continue;
    names.push(`${task} ended without saying which test failed`);
    details.push(`The last lines of ${task}:\n\n${own.slice(-LAST_LINES).join('\n') || 'none'}\n`);
  }
  if (names.length === 0) return '';
  return `\n${details.join('\n')}\nFailed:\n${names.map((name) => `  ${name}\n`).join('')}`;
}

/** @param {string} folder */
function failedTests(folder) {
  /** @type {{ names: string[], details: string[] }} */
  const { names, details } = { names: [], details: [] };
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    /** @type {{ event: string, file: string, message?: string }[]} */
    const events = readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line));
    for (const { file, message } of events) {
      for (const block of message ? blocksOf(message) : []) {
        names.push(`${file} ${block.split('\n', 1)[0]?.trim()}`);
        details.push(`${file}\n${shorten(block)}\n`);
      }
    }
    if (events.some(({ event }) => event === 'complete')) continue;
    const ended = new Set(events.filter(({ event }) => event === 'end').map(({ file }) => file));
    const open = events.filter(({ event, file }) => event === 'begin' && !ended.has(file)).map(({ file }) => file);
    names.push(`jest ended early (${name}) while it ran ${open.join(', ') || 'no test file'}`);
  }
  return { names, details };
}

/**
 * Returns one block for each failed test, which begins with its name.
 *
 * @param {string} message of a test file.
 */
function blocksOf(message) {
  const blocks = stripVTControlCharacters(message).split(/^(?= {2}● )/m);
  return blocks.filter((block) => block.trim() !== '').map((block) => block.trimEnd());
}

/** @param {string} block */
function shorten(block) {
  const lines = block.split('\n').map((line) => line.slice(0, MOST_CHARACTERS));
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `    … ${more} more lines`].join('\n') : lines.join('\n');
}

/**
 * Returns the tasks below "Failed tasks:" at the end of nx's output.
 *
 * @param {string[]} lines
 */
function failedTasks(lines) {
  const start = lines.findLastIndex((line) => line.trim() === 'Failed tasks:');
  if (start < 0) return [];
  const tasks = lines.slice(start + 1).map((line) => /^\s*- (\S+)$/.exec(line)?.[1]);
  return tasks.filter((task) => task !== undefined);
}

/** @param {string} task such as `@tracebloc/ingestor-core:test` */
const projectOf = (task) => task.slice(0, task.lastIndexOf(':'));
