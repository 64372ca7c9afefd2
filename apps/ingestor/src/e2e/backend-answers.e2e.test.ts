import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FakeBackend, TcpProxy } from '@tracebloc/ingestor-testing';
import {
  CALLS,
  callsOf,
  expectToldClearly,
  ingestUndisturbed,
  LOGIN,
  onBench,
  SECOND_BATCH,
} from './faults.test-support.js';
import { World } from '@tracebloc/ingestor-testing/command';

let world: World;
let undisturbed: unknown;

beforeAll(async () => {
  world = await World.start();
  undisturbed = await ingestUndisturbed(world);
});
afterAll(() => world.stop());

const about = (table: string) => ({ world, table, undisturbed });

describe('a token that expires between two batches', () => {
  /** Lets the token expire when the second batch is sent for the first time. */
  function expires(proxy: TcpProxy, expire: () => void): void {
    let done = false;
    proxy.intercept(({ chunk }) => {
      if (!done && SECOND_BATCH.test(chunk.toString('latin1'))) {
        done = true;
        expire();
      }
      return 'pass';
    });
  }
  const statuses = ({ requests }: FakeBackend) => requests.map(({ status }) => status);

  it('is replaced by signing in again', () =>
    onBench(about('login'), async ({ backend, proxy, ingest }) => {
      expires(proxy, () => backend.expireToken());
      const ended = await ingest(LOGIN);
      expect(statuses(backend)).toEqual([200, 201, 401, 200, 201, 200, 201, 200, 201]);
      expect(callsOf(backend).filter((call) => call === 'token')).toHaveLength(2);
      return { ended };
    }));

  it('is read again from BACKEND_TOKEN_FILE', () =>
    onBench(about('token_file'), async ({ backend, proxy, ingest }) => {
      const file = join(world.folder, 'token');
      writeFileSync(file, backend.token);
      expires(proxy, () => {
        backend.rotateToken('rotated');
        writeFileSync(file, 'rotated\n');
      });
      const ended = await ingest({ BACKEND_TOKEN: '', BACKEND_TOKEN_FILE: file });
      expect(statuses(backend)).toEqual([201, 401, 201, 200, 201, 200, 201]);
      return { ended };
    }));

  it('and stays bad ends the run, which the same command completes with a good one', () =>
    onBench(about('token_bad'), async ({ backend, proxy, ingest }) => {
      const file = join(world.folder, 'stale-token');
      writeFileSync(file, backend.token);
      const env = { BACKEND_TOKEN: '', BACKEND_TOKEN_FILE: file, BACKEND_RETRY_SECONDS: '60' };
      expires(proxy, () => backend.rotateToken('rotated'));
      const ended = await ingest(env);
      expectToldClearly(
        ended,
        /refused POST \/global_meta\/token_bad\/ with 401 Unauthorized, even after the token was renewed/,
      );
      expect(ended.stderr).toContain('has acknowledged 3 of them.');
      expect(ended.stderr).not.toContain('fake-token');
      writeFileSync(file, 'rotated');
      return { ended: await ingest(env) };
    }));
});

describe('a backend that is slow', () => {
  it('is waited for', () =>
    onBench(about('slow'), async ({ backend, ingest }) => {
      backend.fail({ match: /./, delayMs: 150, times: Infinity });
      const ended = await ingest({ ...LOGIN, BACKEND_TIMEOUT_SECONDS: '30' });
      expect(ended.seconds).toBeGreaterThan(7 * 0.15);
      expect(ended.stderr).not.toContain('The backend failed');
      return { ended };
    }));

  it('and never answers after it has acted is given up, and the same command completes the run', () =>
    onBench(about('silent'), async ({ backend, proxy, ingest }) => {
      const never = new Promise<never>(() => undefined);
      let isSecond = false;
      proxy.intercept(({ direction, chunk }) => {
        if (direction === 'to-server') isSecond = SECOND_BATCH.test(chunk.toString('latin1'));
        return isSecond && direction === 'to-client' ? never : 'pass';
      });
      const ended = await ingest({ BACKEND_TIMEOUT_SECONDS: '1' });
      const call = /accepted the connection but did not answer POST \/global_meta\/silent\/ in time\./;
      expectToldClearly(ended, call);
      expect(ended.stderr).toContain('set a larger BACKEND_TIMEOUT_SECONDS');
      expect(ended.seconds).toBeLessThan(20);
      expect(callsOf(backend)).toEqual(CALLS.slice(0, 2));
      proxy.intercept();
      return { ended: await ingest(), repeated: ['records 3'] };
    }));
});
