import { Parser } from '@oclif/core';
import { describe, expect, it } from '@jest/globals';
import { clusterFlags, jobFlags, jobSettings, readDuration } from './flags.js';
import { planJobs } from './services/plan.js';

/** Plans what the command line asks for, as `job render` does. */
async function plan(...args: string[]) {
  const { flags } = await Parser.parse(args, { flags: { ...jobFlags, namespace: clusterFlags.namespace } });
  return planJobs(flags, jobSettings(flags), []);
}

describe('wrong usage is refused before any file is read:', () => {
  it.each([
    { args: [], says: 'No configuration is given.' },
    { args: ['-c', 'a.yaml', '--test', 'b.yaml'], says: '--config cannot be combined with --train or --test.' },
    { args: ['-c', 'a', '-c', 'b', '-c', 'c'], says: '--config is given 3 times.' },
    { args: ['-c', 'a.yaml', '-e', 'BACKEND_TOKEN=t0p'], says: '--env does not take BACKEND_TOKEN.' },
    { args: ['-c', 'a.yaml', '-e', 'LOG_LEVEL'], says: '--env takes NAME=value.' },
    { args: ['-c', 'a.yaml', '--name', 'My_Job'], says: '--name: `My_Job` is not a valid name in Kubernetes.' },
    { args: ['-c', 'a.yaml', '--memory', 'lots'], says: '--memory: `lots` is not a valid quantity.' },
    { args: ['-c', 'a.yaml', '--create-secret-from-env', '--secret', 'x'], says: 'cannot be combined' },
    { args: ['-c', 'a.yaml', '--shards', '2', '--env', 'MYSQL_HOST='], says: '--shards needs a database server' },
    { args: ['-c', 'a.yaml', '--env', 'INGESTOR_SHARDS=2'], says: '--env does not take INGESTOR_SHARDS.' },
    { args: ['-c', 'a.yaml', '--env', 'JOB_COMPLETION_INDEX=0'], says: '--env does not take JOB_COMPLETION_INDEX.' },
  ])('$args', async ({ args, says }) => {
    const error = await plan(...args).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'wrong-usage', exitCode: 2, message: expect.stringContaining(says) });
    expect(JSON.stringify(error)).not.toContain('t0p');
  });

  it.each(['1', '1001'])('--shards %s', async (shards) => {
    await expect(plan('-c', 'a.yaml', '--shards', shards)).rejects.toThrow('--shards');
  });
});

describe('a duration', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['5m', 300],
    ['2h', 7200],
  ])('%s is %i seconds', (text, seconds) => {
    expect(readDuration(text, '--timeout')).toBe(seconds * 1000);
  });

  it.each(['30 mins', 'soon', '-1', '1.5h', '1234567'])('%s is refused', (text) => {
    expect(() => readDuration(text, '--timeout')).toThrow(`--timeout: \`${text}\` is not a valid duration.`);
  });
});
