import type { Credentials } from '@tracebloc/ingestor-core';
import { badAddress } from './errors.js';
import { DEFAULT_RETRY, type RetryNotice, type RetryPolicy } from './retry.js';
import { Session } from './session.js';
import type { BackendRequest, Timeouts } from './http/transport.js';
import type { DatasetRegistry } from './types.js';

export interface BackendClientOptions {
  /** The address of the backend, which may have a path. */
  url: string;
  credentials: Credentials;
  timeouts?: Partial<Timeouts>;
  retry?: Partial<RetryPolicy>;
  userAgent?: string;
  /** PEM certificates to trust in addition to those of Node. */
  ca?: string;
  /** The environment variables, of which HTTPS_PROXY, HTTP_PROXY and NO_PROXY are read. Default: `process.env`. */
  proxyEnv?: Readonly<Record<string, string | undefined>>;
  /** Is called before each wait, so that a waiting run can say so. The notice contains no secrets. */
  onRetry?: (notice: RetryNotice) => void;
}

const DEFAULT_TIMEOUTS: Timeouts = { connectMs: 10_000, responseMs: 60_000, finishMs: 5_000 };

/**
 * Creates the client of the backend's HTTP calls. A request whose answer was lost is sent again, so the backend receives each
 * at least once. Requests are repeated within the retry budget, so that a call takes little longer than the budget and one
 * timeout; a status 401 starts the budget again, once. After an abort, a request that was sent may still finish within
 * `finishMs`. Throws an `IngestorError` if the address, the proxy or the token is not valid.
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
      // The answer is the created dataset; with any other answer none was created.
      session.json(request, await session.call(request, signal));
    },
  };
}

const post = (path: string, body: unknown): BackendRequest => ({ method: 'POST', path, body: JSON.stringify(body) });

function baseOf(address: string): URL {
  const url = URL.parse(address);
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw badAddress('is not an http or https URL');
  if (url.username !== '' || url.password !== '') throw badAddress('contains a user name or password');
  if (url.search !== '' || url.hash !== '') throw badAddress('contains a query or fragment');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}
