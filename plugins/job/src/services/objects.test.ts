import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { loadYaml } from '@kubernetes/client-node';
import type { Job } from './cluster.js';
import { jobObjects, LABELS } from './objects.js';
import { nameOfTable } from './settings.js';

const BASE = new URL('../../../../deploy/job/base/', import.meta.url);

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('jobObjects', () => {
  it('makes the Job of deploy/job/base, with the labels that kustomize adds', async () => {
    const base = loadYaml<Job>(await readFile(new URL('job.yaml', BASE), 'utf8'));
    const { labels } = loadYaml<{ labels: { pairs: object }[] }>(
      await readFile(new URL('kustomization.yaml', BASE), 'utf8'),
    );
    expect(labels).toEqual([{ pairs: LABELS, includeTemplates: true }]);
    base.metadata!.labels = LABELS;
    base.spec!.template.metadata = { labels: LABELS };

    const settings = { createSecret: false, env: {}, overwrite: false, restart: false };
    const { job } = await jobObjects('ingest', { config: '' }, settings);
    // The ConfigMap bears the Job's name.
    const config = base.spec!.template.spec!.volumes!.find(({ configMap }) => configMap)!;
    config.configMap!.name = 'ingest';
    expect(plain(job)).toEqual(plain(base));
  });

  it('makes shards as deploy/job/sharded does', async () => {
    const patch = loadYaml<Job>(await readFile(new URL('../sharded/shards.yaml', BASE), 'utf8'));
    const { template, backoffLimit, ...fields } = plain(patch.spec) as NonNullable<Job['spec']>;
    const settings = { createSecret: false, env: {}, shards: 4, overwrite: false, restart: false };
    const { spec } = (await jobObjects('ingest', { config: '' }, settings)).job;
    expect(plain(spec)).toMatchObject(fields);
    expect(backoffLimit).toBeNull();
    expect(spec).not.toHaveProperty('backoffLimit');
    expect(spec!.template.spec!.containers[0]!.env).toEqual(expect.arrayContaining(template.spec!.containers[0]!.env!));
  });
});

describe('nameOfTable', () => {
  it.each([
    ['churn_train', 'ingest-churn-train'],
    ['Churn__Train-', 'ingest-churn-train'],
    ['_', expect.stringMatching(/^ingest-[0-9a-f]{8}$/)],
  ])('derives the name of a Job from the table %s', (table, name) => {
    expect(nameOfTable(table)).toEqual(name);
  });

  it('keeps long names apart, and short enough for a label', () => {
    const names = ['a', 'b'].map((end) => nameOfTable('x'.repeat(63) + end));
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[a-z0-9-]{1,63}$/);
  });
});
