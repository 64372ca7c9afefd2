import { afterEach, expect, it } from '@jest/globals';
import { SECRET_VARIABLES, withoutSecrets } from '@tracebloc/ingestor-core';
import { environment, takeSecrets } from './secrets.js';

const SECRETS = Object.fromEntries(SECRET_VARIABLES.map((name) => [name, `value-of-${name}`]));

afterEach(() => {
  for (const name of SECRET_VARIABLES) Reflect.deleteProperty(process.env, name);
});

it('secrets stay in the environment of a program that uses the Node API and never takes them', () => {
  Object.assign(process.env, SECRETS);
  expect(environment()).toBe(process.env);
  expect(environment()).toMatchObject(SECRETS);
});

it('secrets that are taken are only in the environment of commands, and are masked from then on', () => {
  Object.assign(process.env, SECRETS, { DB_USER: 'me' });
  takeSecrets();
  expect(environment()).toMatchObject({ ...SECRETS, DB_USER: 'me' });
  expect(process.env).toMatchObject({ DB_USER: 'me' });
  expect(SECRET_VARIABLES.filter((name) => name in process.env)).toEqual([]);
  expect(withoutSecrets(Object.values(SECRETS).join())).toBe('********,********,********');
});
