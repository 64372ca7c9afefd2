import preset from '../../jest.preset.mjs';

/** Tests that look at the server by statements that MariaDB alone has. */
const ofMariaDb = ['/node_modules/', 'mysql/(conflicts|infile|tls)\\.test\\.ts$'];

export default {
  ...preset,
  displayName: 'storage',
  ...(process.env.INGESTOR_TEST_MYSQL && { testPathIgnorePatterns: ofMariaDb }),
};
