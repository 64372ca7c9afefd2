import { expect, it } from '@jest/globals';
import { npmFailure } from './npm-failure.js';

/** The failure of a process in which npm printed this report. */
const failure = (code: string, summary: string, detail = '') =>
  Object.assign(new Error('Command failed'), { stdout: JSON.stringify({ error: { code, summary, detail } }) });

it.each([
  ['E404', 'plugin-not-found', 2, /^The registry has no such package: 404 Not Found$/, /tabular, text/],
  ['ETARGET', 'plugin-not-found', 2, /404 Not Found/, /Correct the name/],
  ['E401', 'registry-refused', 1, /refuses access: 404 Not Found/, /npm login/],
  [
    'EALLOWGIT',
    'git-refused',
    2,
    /^npm install x: packages of git repositories are not installed.*detail$/,
    /registry/,
  ],
  ['ENOSPC', 'plugins-not-writable', 1, /^Plugins cannot be installed into \/data: ENOSPC: 404 Not Found$/, /XDG_DATA/],
  ['ECONNREFUSED', 'registry-unreachable', 1, /cannot be reached: 404 Not Found$/, /plugin\.tgz/],
  ['E503', 'registry-unreachable', 1, /cannot be reached/, /npm_config_registry/],
  ['CERT_HAS_EXPIRED', 'registry-unreachable', 1, /cannot be reached/, /proxy/],
  ['TAR_BAD_ARCHIVE', 'install-failed', 1, /^npm install x failed: 404 Not Found\nat its address$/, /works in \/data/],
])('the report %s of npm becomes %s', (reported, code, exitCode, message, fix) => {
  const cause = failure(reported, '404 Not Found\nat its address', 'detail\n');
  const error = npmFailure('install x', cause, '/data');
  expect(error).toMatchObject({ code, exitCode, cause });
  expect(error.message).toMatch(message);
  expect(error.fix.join('\n')).toMatch(fix);
});

it('what npm prints without a report is shown, or else why it could not start', () => {
  const printed = Object.assign(new Error('Command failed'), { stdout: 'no JSON', stderr: 'out of memory\n' });
  expect(npmFailure('install x', printed, '/data').message).toBe('npm install x failed: out of memory');
  const notStarted = new Error('spawn node ENOENT');
  expect(npmFailure('install x', notStarted, '/data').message).toBe('npm install x failed: spawn node ENOENT');
});
