import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';

const TOKEN = 'tok-1';
const record = { data_id: 'r-0', data_intent: 'train', label: 'yes', is_sample: false, injestor_id: 'r' };

test('the backend runs as a separate process, which records its calls in a file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fake-backend-test-'));
  const calls = join(folder, 'calls.jsonl');
  // Node cannot load the sources, whose imports have the extension .js.
  const main = join(import.meta.dirname, '..', '..', 'dist', 'backend', 'main.js');
  const fault = JSON.stringify({ match: '^POST /global_meta/', status: 503 });
  const child = spawn(process.execPath, [main, '--calls', calls, '--token', TOKEN, '--fail', fault], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { url, pid } = JSON.parse(line) as { url: string; pid: number };
    expect(pid).toBe(child.pid);
    const send = async (body: unknown) =>
      (
        await fetch(`${url}/global_meta/t/`, {
          method: 'POST',
          headers: { authorization: `TOKEN ${TOKEN}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).status;
    expect([await send([record]), await send([record]), await send([])]).toEqual([503, 201, 400]);
    const events = (await readFile(calls, 'utf8')).trim().split('\n');
    expect(events.map((event) => JSON.parse(event) as unknown)).toEqual([
      {
        call: {
          name: 'records',
          table: 't',
          runId: 'r',
          intent: 'train',
          records: [{ dataId: 'r-0', label: 'yes' }],
        },
      },
      {
        violation: {
          request: 'POST /global_meta/t/',
          problems: ['the body is not an array of 1 to 10000 records'],
        },
      },
    ]);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});
