import { appendFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * Keeps what `npm test` says last: which test files of a project began, which ended, and what failed in them. Each event is
 * a line of JSON that is written at once, so that a process that is killed leaves the events before.
 */
export default class FailedTests {
  constructor({ rootDir }, { folder }) {
    this.rootDir = rootDir;
    mkdirSync(folder, { recursive: true });
    this.file = join(folder, `${relative(root, rootDir).replaceAll(/[^\w-]+/g, '-')}.jsonl`);
  }

  onRunStart() {
    this.write({ event: 'run' });
  }

  onTestFileStart({ path }) {
    this.write({ event: 'begin', file: this.nameOf(path) });
  }

  onTestFileResult({ path }, { failureMessage }) {
    this.write({ event: 'end', file: this.nameOf(path), message: failureMessage ?? undefined });
  }

  onRunComplete() {
    this.write({ event: 'complete' });
  }

  nameOf(path) {
    return relative(this.rootDir.startsWith(root) ? root : this.rootDir, path);
  }

  write(event) {
    appendFileSync(this.file, `${JSON.stringify(event)}\n`);
  }
}
