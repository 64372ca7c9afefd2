import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, gate } from '../testing/wait.test-support.js';
import { JOB, TestCluster } from './cluster.test-support.js';
import { printLogs } from './logs.js';

let test: TestCluster;

beforeAll(async () => {
  test = await TestCluster.start();
});
afterEach(() => test.reset());
afterAll(() => test.stop());

async function printed(tail?: number): Promise<string[]> {
  const lines: string[] = [];
  await printLogs(test.cluster, JOB, { print: (line) => lines.push(line), tail });
  return lines;
}

describe('printLogs', () => {
  it('prints what the newest pod has written until now, or its last lines', async () => {
    const [isWritten, done] = [gate(), gate()];
    const run = async ({ log }: { log: (line: string) => void }) => {
      log('one');
      log('two');
      isWritten.open();
      await done.opened;
      return 0;
    };
    test.next({ run: ({ log }) => (log('of the first pod'), 1) }, { run });
    await test.submit();
    await isWritten.opened;
    expect(await printed()).toEqual(['one', 'two']);
    expect(await printed(1)).toEqual(['two']);
    done.open();
  });

  it('prints the log of each shard in turn, with its number', async () => {
    test.next({ run: ({ env, log }) => (log('start'), log(`end ${env.JOB_COMPLETION_INDEX!}`), 0) });
    await test.submitShards(3);
    await test.follow().states;
    expect(await printed(1)).toEqual(['shard 0 | end 0', 'shard 1 | end 1', 'shard 2 | end 2']);
  });

  it('says why there is no log yet', async () => {
    test.next({ unschedulable: '1 node(s) were unschedulable' });
    await test.submit();
    await eventually('the diagnosis', () => JSON.stringify(test.kubernetes.list('pods')).includes('"PodScheduled"'));
    await expect(printed()).rejects.toMatchObject({
      code: 'unschedulable',
      message: expect.stringContaining(`Job ${JOB} has no log yet: it is waiting. No node accepts the pod`),
    });
  });
});
