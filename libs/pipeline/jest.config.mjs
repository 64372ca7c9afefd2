import preset from '../../jest.preset.mjs';

/** Tests of what MariaDB takes for a value; MySQL differs in spellings. */
const ofMariaDb = ['/node_modules/', 'checked-values\\.test\\.ts$'];

export default {
  ...preset,
  displayName: 'pipeline',
  ...(process.env.INGESTOR_TEST_MYSQL && { testPathIgnorePatterns: ofMariaDb }),
};
