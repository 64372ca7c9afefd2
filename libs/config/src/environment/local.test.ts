import { describe, expect, it } from '@jest/globals';
import { resolveEnvironment } from './environment.js';
import { ALL, lines } from './environment.test-support.js';

const NOTHING = { needs: ['database', 'backend', 'shard'], cwd: '/work' } as const;

describe('local', () => {
  it('needs no variable, and stores below the working folder', () => {
    const { config, values } = resolveEnvironment({}, { local: true }, NOTHING);
    expect(config).toMatchObject({
      storage: { path: '/work/.ingestor' },
      database: { kind: 'sqlite', file: '/work/.ingestor/training_test_datasets.sqlite' },
      backend: { kind: 'local' },
      warnings: [],
    });
    expect(values).toContainEqual({ field: 'storage.path', value: '/work/.ingestor', origin: 'flag --local' });
  });

  it('is what STORAGE_PATH and CLIENT_ENV=local say', () => {
    const same = resolveEnvironment({ STORAGE_PATH: '.ingestor', CLIENT_ENV: 'local' }, {}, NOTHING);
    expect(resolveEnvironment({}, { local: true }, NOTHING).config).toEqual(same.config);
    expect(resolveEnvironment({ CLIENT_ENV: 'local' }, { local: true }, NOTHING).config).toEqual(same.config);
  });

  it('wins over the variables of database, storage and backend, and names those that are set', () => {
    const env = { MYSQL_HOST: 'h', DB_PASSWORD: 'hidden-one', BACKEND_TOKEN_FILE: '/none', CLIENT_ENV: 'prod' };
    const { config } = resolveEnvironment({ ...env, INGESTOR_SHARDS: '4' }, { local: true }, NOTHING);
    expect(config).toMatchObject({ database: { kind: 'sqlite' }, backend: { kind: 'local' } });
    expect(config.shard).toBeUndefined();
    expect(config.warnings).toEqual([
      'MYSQL_HOST, CLIENT_ENV, INGESTOR_SHARDS, DB_PASSWORD and BACKEND_TOKEN_FILE have no effect: --local uses the database and the files in /work/.ingestor, and no backend.',
    ]);
  });

  it.each([
    [{ storage: '/x' }, 'flag --storage'],
    [{ ca: '/x' }, 'flag --ca'],
    [{ shards: '2' }, 'flag --shards'],
    [{ shardIndex: '0' }, 'flag --shard-index'],
  ])('contradicts %j', (flags, flag) => {
    expect(lines({}, { ...flags, local: true }, NOTHING)).toContain(
      `${flag}: contradicts --local, which stores in ./.ingestor alone — Omit one of them.`,
    );
  });
});

it('the error of a run without credentials names the variables and --local', () => {
  expect(lines({}, {}, ALL)).toContain(
    'BACKEND_TOKEN: the run has no credentials: neither BACKEND_TOKEN nor CLIENT_ID and CLIENT_PASSWORD are set — Set BACKEND_TOKEN, or CLIENT_ID and CLIENT_PASSWORD; CLIENT_ENV=local needs none. Without a cluster and a backend, `ingestor ingest --local` stores in ./.ingestor.',
  );
});
