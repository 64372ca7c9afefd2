#!/usr/bin/env node
/**
 * Runs the fake backend as a separate process, for scripts:
 * `node backend/main.js [--calls FILE] [--token T] [--username U] [--password P] [--port N] [--tls] [--fail JSON]...`
 * It prints one JSON line `{url, token, pid, ca}`. It appends a JSON line for each accepted call and each violation to
 * FILE. It ends on SIGTERM or SIGINT. `--fail` takes a `Fault`, whose `match` is the source of a regular expression.
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startFakeBackend, type Fault } from './backend.js';

const { values } = parseArgs({
  options: {
    calls: { type: 'string' },
    token: { type: 'string' },
    username: { type: 'string' },
    password: { type: 'string' },
    port: { type: 'string' },
    tls: { type: 'boolean' },
    fail: { type: 'string', multiple: true },
  },
});
const { calls, token, username, password, port, tls, fail = [] } = values;

const backend = await startFakeBackend({
  token,
  username,
  password,
  tls,
  port: port === undefined ? undefined : Number(port),
  // The write is synchronous, so that a call is in the file before its client has the answer.
  observe: calls === undefined ? undefined : (event) => appendFileSync(calls, `${JSON.stringify(event)}\n`),
});
for (const text of fail) {
  const fault = JSON.parse(text) as Fault & { match: string };
  backend.fail({ ...fault, match: new RegExp(fault.match) });
}
console.log(JSON.stringify({ url: backend.url, token: backend.token, pid: process.pid, ca: backend.ca }));

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void backend.stop());
