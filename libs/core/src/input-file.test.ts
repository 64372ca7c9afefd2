import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkInput, openInput, readInput, readInputSync } from './input-file.js';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'ingestor-input-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

let files = 0;
const newPath = () => join(folder, `${++files}`);
function file(content: string | Buffer): string {
  const path = newPath();
  fs.writeFileSync(path, content);
  return path;
}
function link(target: string): string {
  const path = newPath();
  fs.symlinkSync(target, path);
  return path;
}
function fifo(): string {
  const path = newPath();
  execFileSync('mkfifo', [path]);
  return path;
}
const refused = (why: string, message: string) =>
  expect.objectContaining({ name: 'UnusableInput', why, message: expect.stringContaining(message) as unknown });

describe('every function refuses a path that is not an input:', () => {
  it.each<[string, () => string, string, string]>([
    ['a missing file', newPath, 'missing', 'does not exist'],
    ['a link to a missing file', () => link(newPath()), 'missing', 'does not exist'],
    ['a link to itself', () => link(join(folder, `${files + 1}`)), 'unreadable', 'cannot be read (ELOOP)'],
    ['a folder', () => folder, 'kind', 'is a folder'],
    ['a pipe', fifo, 'kind', 'is a pipe'],
    ['a link to a pipe', () => link(fifo()), 'kind', 'is a pipe'],
    ['a device', () => '/dev/zero', 'kind', 'is a device'],
    ['a link to a device', () => link('/dev/zero'), 'kind', 'is a device'],
    [
      'the environment',
      () => '/proc/self/environ',
      'system',
      `leads to /proc/${process.pid}/environ, where the system`,
    ],
    ['a link to the environment', () => link('/proc/self/environ'), 'system', 'where the system shows its own state'],
    ['a file in a linked /proc', () => `${link('/proc')}/self/environ`, 'system', 'where the system'],
    ['a file of /sys', () => '/sys/kernel/uevent_seqnum', 'system', 'leads to /sys/'],
  ])('%s', async (_name, make, why, message) => {
    const path = make();
    expect(() => checkInput(path)).toThrow(refused(why, message));
    await expect(openInput(path)).rejects.toEqual(refused(why, message));
    await expect(readInput(path, { limit: 10 })).rejects.toEqual(refused(why, message));
    expect(() => readInputSync(path, { limit: 10 })).toThrow(refused(why, message));
  });

  it('a socket', async () => {
    const path = newPath();
    const server = createServer().listen(path);
    await new Promise((resolve) => server.once('listening', resolve));
    expect(() => checkInput(path)).toThrow(refused('kind', 'is a socket'));
    server.close();
  });

  it('the environment through an open descriptor', async () => {
    const fd = fs.openSync('/proc/self/environ', 'r');
    await expect(readInput(`/dev/fd/${fd}`, { limit: 1 << 20 })).rejects.toEqual(refused('system', 'leads to /proc/'));
    fs.closeSync(fd);
  });

  it('a folder of the system', () => {
    expect(() => checkInput('/proc/self', 'folder')).toThrow(refused('system', 'leads to /proc/'));
    expect(() => checkInput(link('/sys'), 'folder')).toThrow(refused('system', 'leads to /sys'));
    expect(() => checkInput(file(''), 'folder')).toThrow(refused('kind', 'is not a folder'));
  });
});

describe('a regular file is read', () => {
  it('up to the limit', async () => {
    const path = file('x'.repeat(200_000));
    expect((await readInput(path, { limit: 200_000 })).length).toBe(200_000);
    expect(readInputSync(path, { limit: 200_000 }).length).toBe(200_000);
    await expect(readInput(path, { limit: 199_999 })).rejects.toEqual(refused('size', 'has more than 199999 bytes'));
    expect(() => readInputSync(path, { limit: 199_999 })).toThrow(refused('size', 'has more than'));
  });

  it('through the links by which Kubernetes mounts Secrets and ConfigMaps', async () => {
    const mount = newPath();
    fs.mkdirSync(join(mount, '..2026_11_29'), { recursive: true });
    fs.writeFileSync(join(mount, '..2026_11_29', 'token'), 'abc');
    fs.symlinkSync('..2026_11_29', join(mount, '..data'));
    fs.symlinkSync('..data/token', join(mount, 'token'));
    expect(String(await readInput(join(mount, 'token'), { limit: 10 }))).toBe('abc');
    expect(checkInput(mount, 'folder').isDirectory()).toBe(true);
  });

  it('through a descriptor such as /dev/stdin, from its beginning and more than once', async () => {
    const fd = fs.openSync(file('abc'), 'r');
    for (let times = 0; times < 2; times++) {
      expect(String(await readInput(`/dev/fd/${fd}`, { limit: 10 }))).toBe('abc');
    }
    fs.closeSync(fd);
  });

  it('in shared memory, which is below /dev', async () => {
    const path = `/dev/shm/ingestor-input-${process.pid}`;
    fs.writeFileSync(path, 'abc');
    try {
      expect(String(await readInput(path, { limit: 10 }))).toBe('abc');
    } finally {
      fs.rmSync(path);
    }
  });
});

describe('a pipe, if pipes are allowed,', () => {
  const PIPES = { pipes: true, limit: 1 << 20 };

  /** Makes what a shell makes for <(command): a path from which this process reads what the command writes. */
  function substitution(command: string): { path: string; end: () => void } {
    const name = fifo();
    const writer = spawn('sh', ['-c', `{ ${command}; } > "$0"`, name]);
    // The call returns when the writer has opened the pipe.
    const fd = fs.openSync(name, 'r');
    fs.rmSync(name);
    return {
      path: `/dev/fd/${fd}`,
      end: () => {
        fs.closeSync(fd);
        writer.kill('SIGKILL');
      },
    };
  }

  it('is read to its end even from a slow writer, and later calls return the same bytes', async () => {
    const { path, end } = substitution('echo a; sleep 0.2; echo b');
    expect(String(await readInput(path, PIPES))).toBe('a\nb\n');
    expect(String(await readInput(path, PIPES))).toBe('a\nb\n');
    expect(String(readInputSync(path, PIPES))).toBe('a\nb\n');
    end();
  });

  it('is read synchronously too', () => {
    const { path, end } = substitution('echo a; sleep 0.2; echo b');
    expect(String(readInputSync(path, PIPES))).toBe('a\nb\n');
    end();
  });

  it('fails when nothing is written, and does not block other work', async () => {
    const { path, end } = substitution('echo a; exec sleep 60');
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await expect(readInput(path, { ...PIPES, silenceMs: 200 })).rejects.toEqual(
      refused('silent', 'nothing was written for 0.2 seconds'),
    );
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(2);
    expect(() => readInputSync(path, { ...PIPES, silenceMs: 100 })).toThrow(refused('silent', 'nothing was written'));
    end();
  });

  it('waits for its writer if it has a name', async () => {
    const path = fifo();
    const reading = readInput(path, PIPES);
    const writer = spawn('sh', ['-c', 'echo a > "$0"', path]);
    expect(String(await reading)).toBe('a\n');
    writer.kill();
    await expect(readInput(fifo(), { ...PIPES, silenceMs: 100 })).rejects.toEqual(refused('silent', 'is a pipe'));
  });

  it('is read up to the limit if it has no end', async () => {
    const { path, end } = substitution('exec cat /dev/zero');
    await expect(readInput(path, PIPES)).rejects.toEqual(refused('size', 'has more than 1048576 bytes'));
    end();
  });
});
