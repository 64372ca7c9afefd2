import { expect, it } from '@jest/globals';
import { BASE, IMAGES, LOCAL, refusalLines, useWorkplace } from '../fake.test-support.js';

const place = useWorkplace();

/** The configuration as in a cluster, whose paths this machine does not have. */
const CLUSTER = BASE.replace('data.csv', '/data/shared/none/data.csv');

it('the configuration of a cluster is shown where its paths do not exist, and the paths are marked', async () => {
  place.write('ingest.yaml', CLUSTER);
  const env = {
    STORAGE_PATH: '/data/none',
    INGESTOR_CA: '/etc/none.pem',
    BACKEND_TOKEN_FILE: '/var/run/none/token',
    MYSQL_HOST: 'mysql-client',
    DB_PASSWORD_FILE: '/var/run/none/password',
  };
  const { values } = await place.run({ env, flags: { config: 'ingest.yaml' }, purpose: 'show' });
  const note = 'not found here';
  expect(values.filter((value) => value.note !== undefined)).toEqual([
    { field: 'csv', value: '/data/shared/none/data.csv', origin: 'ingest.yaml:6:6', note },
    { field: 'storage.path', value: '/data/none', origin: 'STORAGE_PATH', note },
    { field: 'ca', value: '/etc/none.pem', origin: 'INGESTOR_CA', note },
    { field: 'database.password', value: '/var/run/none/password', origin: 'DB_PASSWORD_FILE', note },
    { field: 'backend.token', value: '/var/run/none/token', origin: 'BACKEND_TOKEN_FILE', note },
  ]);
  expect(await refusalLines(place.run({ env: LOCAL, flags: { config: 'ingest.yaml' }, purpose: 'validate' }))).toEqual([
    expect.stringContaining('"/data/shared/none/data.csv" does not exist'),
  ]);
});

it('folders of files are marked too, given or required', async () => {
  place.write('ingest.yaml', IMAGES.replace(/csv: .*/, 'csv: /data/none/labels.csv'));
  const { values, config } = await place.run({ env: LOCAL, flags: { config: 'ingest.yaml' }, purpose: 'show' });
  const marked = values.filter((value) => value.note !== undefined).map(({ field, value }) => [field, value]);
  expect(marked).toContainEqual(['csv', '/data/none/labels.csv']);
  expect(marked).toContainEqual(['images', config.source.sidecars.images]);
});

it('what is there and is not what it should be stays a problem', async () => {
  place.write('ingest.yaml', BASE.replace('data.csv', '.'));
  expect(await refusalLines(place.run({ env: LOCAL, flags: { config: 'ingest.yaml' }, purpose: 'show' }))).toEqual([
    expect.stringMatching(/^ingest\.yaml:6:6 csv: the file ".*" is a folder/),
  ]);
});
