import { fileURLToPath } from 'node:url';

/** How many times as often as usual properties are tried, and the folder for what failed, each where set. */
const { FUZZ_RUNS, FAILED_TESTS } = process.env;
const failedTests = fileURLToPath(new URL('./jest.failed-tests.mjs', import.meta.url));
const fastCheck = fileURLToPath(new URL('./jest.fast-check.mjs', import.meta.url));

/** What every project's jest.config.mjs spreads: TypeScript as ESM, siblings resolved to their sources. */
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@tracebloc/source', 'node', 'import', 'default'] },
  roots: ['<rootDir>/src'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', ...(FUZZ_RUNS && { '^fast-check$': fastCheck }) },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  // A machine that also does other work may need minutes for what takes seconds.
  testTimeout: 240_000 * Number(FUZZ_RUNS ?? 1),
  ...(FAILED_TESTS && { reporters: ['default', [failedTests, { folder: FAILED_TESTS }]] }),
};

const mariaDb = fileURLToPath(new URL('./jest.mariadb.mjs', import.meta.url));

/** For projects whose test files share a MariaDB server. */
export const sharedMariaDb = { globalSetup: mariaDb, globalTeardown: mariaDb };

/** For tests that look at the server by what MariaDB alone has: leaves them out where `npm run test:mysql` runs the others. */
export function mariaDbOnly(pattern) {
  return process.env.INGESTOR_TEST_MYSQL ? { testPathIgnorePatterns: ['/node_modules/', pattern] } : {};
}
