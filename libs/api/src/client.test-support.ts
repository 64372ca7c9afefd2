import { inspect } from 'node:util';
import { IngestorError, Secret, type Credentials } from '@tracebloc/ingestor-core';
import type { FakeBackend } from '@tracebloc/ingestor-testing';
import { createBackendClient, type BackendClientOptions } from './client.js';
import type { DatasetRef, DatasetRegistry } from './types.js';

export const TOKEN = 'tok-3f9a77c1';
export const USERNAME = 'client-77';
export const PASSWORD = `p"ss<word>&'x`;

export const dataset: DatasetRef = { table: 'churn_train', runId: 'run-1', intent: 'train' };
export const records = [{ dataId: 'run-1-0', label: 'yes' }];
/** The columns of the table in the form that `global_metadata` takes. */
export const schema = {
  ...{ id: 'BIGINT', created_at: 'DATETIME', updated_at: 'DATETIME', status: 'INT', label: 'VARCHAR(255)' },
  ...{ data_intent: 'VARCHAR(100)', data_id: 'VARCHAR(255)', filename: 'VARCHAR(255)', extension: 'VARCHAR(10)' },
  ...{ annotation: 'TEXT', ingestor_id: 'VARCHAR(255)', age: 'INT' },
};
export const metadata = { number_of_columns: 1, schema: { age: 'INT' } };

export const tokenCredentials = (token = TOKEN, reread = () => token): Credentials => ({
  kind: 'token',
  token: new Secret(token),
  reread: () => new Secret(reread()),
});
export const loginCredentials = (password = PASSWORD): Credentials => ({
  kind: 'login',
  username: USERNAME,
  password: new Secret(password),
});

/** Creates a client with short waits, so that the tests are fast. */
export function clientOf(
  backend: Pick<FakeBackend, 'url'>,
  options: Partial<BackendClientOptions> = {},
): DatasetRegistry {
  return createBackendClient({
    url: backend.url,
    credentials: tokenCredentials(),
    ...options,
    retry: { attempts: 4, baseDelayMs: 2, maxDelayMs: 10, ...options.retry },
  });
}

/** Returns the error of a call that must fail, and checks that neither the error nor its cause shows a secret. */
export async function errorOf(call: Promise<unknown>): Promise<IngestorError> {
  const error = await call.then(
    () => {
      throw new Error('the call succeeded');
    },
    (error: unknown) => error,
  );
  if (!(error instanceof IngestorError)) throw error;
  const shown = inspect(error, { depth: Infinity, showHidden: true, getters: true }) + JSON.stringify(error);
  const leaked = [TOKEN, PASSWORD, JSON.stringify(PASSWORD).slice(1, -1)].filter((secret) => shown.includes(secret));
  if (leaked.length > 0) throw new Error(`the error shows a secret: ${shown}`);
  return error;
}
