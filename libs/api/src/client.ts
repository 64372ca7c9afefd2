import type { Credentials } from '@tracebloc/ingestor-core';
import { badAddress } from './errors.js';
import { DEFAULT_RETRY, type RetryNotice, type RetryPolicy } from './retry.js';
import { Session } from './session.js';
import type { BackendRequest, Timeouts } from './http/transport.js';
import type { DatasetRegistry } from './types.js';

export interface BackendClientOptions {
  /** The backend's address; a path in it is kept. */
  url: string;
  credentials: Credentials;
  timeouts?: Partial<Timeouts>;
  retry?: Partial<RetryPolicy>;
  userAgent?: string;
  /** Certificates to trust beside what Node trusts, as PEM. */
  ca?: string;
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked for; default: `process.env`. */
  proxyEnv?: Readonly<Record<string, string | undefined>>;
  /** Told before each wait, so that a run that waits does not look stuck. Is given no secrets. */
  onRetry?: (notice: RetryNotice) => void;
}

const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, responseMs: 60_000, finishMs: 5_000 };

/**
 * The registry behind the backend's HTTP calls. Requests are at least once: one whose answer was lost is sent again.
 * A request is repeated within the retry budget, so that a call takes little more than that and one timeout; a 401
 * in between starts the budget anew, once. An abort lets the request that is out have its answer, if that is soon. Throws `IngestorError` for an address or token that cannot be used.
 */
export function createBackendClient(options: BackendClientOptions): DatasetRegistry {
  const {
    url,
    credentials,
    timeouts,
    retry,
    userAgent = 'tracebloc-ingestor',
    ca,
    proxyEnv = process.env,
    onRetry,
  } = options;
  const base = baseOf(url);
  const session = new Session({
    base,
    credentials,
    timeouts: { ...DEFAULT_TIMEOUTS, ...timeouts },
    retry: { ...DEFAULT_RETRY, ...retry },
    userAgent,
    ca,
    proxyEnv,
    onRetry,
  });

  return {
    address: base.href.replace(/\/$/, ''),
    wantsRecords: true,

    signIn: (signal) => session.signIn(signal),

    async sendRecords({ table, runId, intent }, records, signal) {
      if (records.length === 0) return;
      const body = records.map(({ dataId, label }) => ({
        data_id: dataId,
        data_intent: intent,
        label,
        is_sample: false,
        injestor_id: runId,
      }));
      await session.call(post(`global_meta/${encodeURIComponent(table)}/`, body), signal);
    },

    async generateEdgeLabels({ table, runId, intent }, signal) {
      const query = { table_name: table, injestor_id: runId, data_intent: intent };
      await session.call({ method: 'GET', path: 'global_meta/generate-edge-labels-meta/', query }, signal);
    },

    async sendMetadata({ table }, schema, metadata, signal) {
      const body = { table_name: table, schema, meta_data: metadata };
      await session.call(post('global_meta/global_metadata/', body), signal);
    },

    async prepare({ runId, intent }, category, dataFormat, signal) {
      const query = { category, injestor_id: runId, data_format: dataFormat, data_intent: intent };
      await session.call({ method: 'GET', path: 'global_meta/prepare/', query }, signal);
    },

    async createDataset(_dataset, title, allowFeatureModification, signal) {
      const request = post('dataset/', { title, allow_feature_modification: allowFeatureModification });
      // The answer is the dataset; something else means that none was made.
      session.json(request, await session.call(request, signal));
    },
  };
}

const post = (path: string, body: unknown): BackendRequest => ({ method: 'POST', path, body: JSON.stringify(body) });

function baseOf(address: string): URL {
  const url = URL.parse(address);
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw badAddress('is not an http or https URL');
  if (url.username !== '' || url.password !== '') throw badAddress('holds a user name or password');
  if (url.search !== '' || url.hash !== '') throw badAddress('holds a query or fragment');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
