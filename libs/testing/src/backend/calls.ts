import type { DataFormat, Intent, JsonObject } from '@tracebloc/ingestor-contract';
import { FIXED_COLUMNS } from '@tracebloc/ingestor-core';

/** A record of `POST /global_meta/<table>/`, without the fields that all records of a batch share. */
export interface ReceivedRecord {
  dataId: string;
  label: string | number | null;
}

/** A valid call. */
export type BackendCall =
  | { name: 'token'; username: string; password: string }
  | { name: 'records'; table: string; runId: string; intent: Intent; records: ReceivedRecord[] }
  | { name: 'edge-labels'; table: string; runId: string; intent: Intent }
  | { name: 'global-metadata'; table: string; schema: Record<string, string>; metadata: JsonObject }
  | { name: 'prepare'; category: string; runId: string; dataFormat: DataFormat; intent: Intent }
  | { name: 'dataset'; title: string; allowFeatureModification: boolean };

export interface RawRequest {
  method: string;
  /** The path and the query. */
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

/** A valid call, or all problems of the request. */
export type ParsedRequest = { call: BackendCall } | { problems: string[] };

interface Rule {
  expected: string;
  accepts: (value: unknown) => boolean;
}
type Rules = Readonly<Record<string, Rule>>;

const MAX_RECORDS = 10_000;

const oneOf = (...values: unknown[]): Rule => ({
  expected: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
  accepts: (value) => values.includes(value),
});
const text: Rule = { expected: 'a text', accepts: (value) => typeof value === 'string' && value !== '' };
const flag: Rule = { expected: 'true or false', accepts: (value) => typeof value === 'boolean' };
const object: Rule = { expected: 'an object', accepts: isObject };
const label: Rule = {
  expected: 'a text, a number or null',
  accepts: (value) => value === null || typeof value === 'string' || typeof value === 'number',
};
const sqlTypes: Rule = {
  expected: `an object of SQL types by column, among them ${FIXED_COLUMNS.join(', ')}`,
  accepts: (value) =>
    isObject(value) &&
    Object.values(value).every((type) => typeof type === 'string' && type !== '') &&
    FIXED_COLUMNS.every((column) => column in value),
};
const intent = oneOf('train', 'test');

const RECORD: Rules = { data_id: text, data_intent: intent, label, is_sample: oneOf(false), injestor_id: text };

/** Parses a request strictly: it checks the path, every query parameter and every field of the body. */
export function parseRequest(request: RawRequest): ParsedRequest {
  const { pathname, searchParams } = new URL(request.url, 'http://backend');
  const problems: string[] = [];
  const call = route(request, pathname, searchParams, problems);
  if (!call && problems.length === 0) problems.push(`there is no ${request.method} ${pathname}`);
  return call && problems.length === 0 ? { call } : { problems };
}

function route(
  request: RawRequest,
  path: string,
  params: URLSearchParams,
  problems: string[],
): BackendCall | undefined {
  const query = (rules: Rules) => readQuery(request, params, rules, problems);
  const body = (rules: Rules) => fields('the body', readBody(request, params, problems), rules, problems);

  switch (`${request.method} ${path}`) {
    case 'POST /api-token-auth/': {
      const { username, password } = body({ username: text, password: text });
      return { name: 'token', username: username as string, password: password as string };
    }
    case 'GET /global_meta/generate-edge-labels-meta/': {
      const values = query({ table_name: text, injestor_id: text, data_intent: intent });
      return {
        name: 'edge-labels',
        table: values['table_name'] as string,
        runId: values['injestor_id'] as string,
        intent: values['data_intent'] as Intent,
      };
    }
    case 'GET /global_meta/prepare/': {
      const dataFormat = oneOf('image', 'text', 'tabular');
      const values = query({ category: text, injestor_id: text, data_format: dataFormat, data_intent: intent });
      return {
        name: 'prepare',
        category: values['category'] as string,
        runId: values['injestor_id'] as string,
        dataFormat: values['data_format'] as DataFormat,
        intent: values['data_intent'] as Intent,
      };
    }
    case 'POST /global_meta/global_metadata/': {
      const values = body({ table_name: text, schema: sqlTypes, meta_data: object });
      return {
        name: 'global-metadata',
        table: values['table_name'] as string,
        schema: values['schema'] as Record<string, string>,
        metadata: values['meta_data'] as JsonObject,
      };
    }
    case 'POST /dataset/': {
      const values = body({ title: text, allow_feature_modification: flag });
      return {
        name: 'dataset',
        title: values['title'] as string,
        allowFeatureModification: values['allow_feature_modification'] as boolean,
      };
    }
  }
  const table = /^\/global_meta\/([^/]+)\/$/.exec(path)?.[1];
  if (table === undefined || request.method !== 'POST') return undefined;
  return records(decodeURIComponent(table), readBody(request, params, problems), problems);
}

function records(table: string, body: unknown, problems: string[]): BackendCall | undefined {
  if (problems.length > 0) return undefined;
  if (!Array.isArray(body) || body.length === 0 || body.length > MAX_RECORDS) {
    problems.push(`the body is not an array of 1 to ${MAX_RECORDS} records`);
    return undefined;
  }
  const rows = body.map((value, index) => fields(`record ${index}`, value, RECORD, problems));
  const first = rows[0]!;
  if (rows.some((row) => row['injestor_id'] !== first['injestor_id'] || row['data_intent'] !== first['data_intent'])) {
    problems.push('the records are of more than one injestor_id or data_intent');
  }
  return {
    name: 'records',
    table,
    runId: first['injestor_id'] as string,
    intent: first['data_intent'] as Intent,
    records: rows.map((row) => ({
      dataId: row['data_id'] as string,
      label: row['label'] as ReceivedRecord['label'],
    })),
  };
}

function readBody(request: RawRequest, params: URLSearchParams, problems: string[]): unknown {
  if (params.size > 0) problems.push('a POST takes no query');
  const type = request.headers['content-type'];
  if (typeof type !== 'string' || !/^application\/json(;|$)/.test(type)) {
    problems.push('the content type is not application/json');
  }
  try {
    return JSON.parse(request.body);
  } catch {
    problems.push('the body is not JSON');
    return undefined;
  }
}

function readQuery(
  request: RawRequest,
  params: URLSearchParams,
  rules: Rules,
  problems: string[],
): Record<string, unknown> {
  if (request.body !== '') problems.push('a GET takes no body');
  const values = Object.fromEntries(params);
  if (params.size !== Object.keys(values).length) problems.push('the query states a parameter twice');
  return fields('the query', values, rules, problems);
}

/** Checks that the value is an object with exactly the fields of the rules. Returns it, or an empty object. */
function fields(what: string, value: unknown, rules: Rules, problems: string[]): Record<string, unknown> {
  if (!isObject(value)) {
    problems.push(`${what} is not an object`);
    return {};
  }
  for (const name of Object.keys(value)) {
    if (!(name in rules)) problems.push(`${what} has ${name}, which is not known`);
  }
  for (const [name, rule] of Object.entries(rules)) {
    if (!(name in value)) problems.push(`${what} lacks ${name}`);
    else if (!rule.accepts(value[name])) problems.push(`${name} of ${what} is not ${rule.expected}`);
  }
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
