import type { IngestorError } from '@tracebloc/ingestor-core';
import { FORMAT_PREFIX, friendlyName, KNOWN_FORMATS } from '@tracebloc/ingestor-cli';
import { makeError } from '../../errors.js';

const NOT_THERE = ['E404', 'ETARGET', 'ENOVERSIONS'];
const REFUSED = ['E401', 'E403', 'ENEEDAUTH'];
const NOT_WRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT'];
const UNREACHABLE =
  /^(E(CONN|NOTFOUND|TIMEDOUT|AI_|HOSTUN|NETUN|5\d\d)|ERR_SOCKET|FETCH_ERROR|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/;

/** Names the ways to a plugin that need no registry. */
const WITHOUT_REGISTRY =
  'Without a registry: install a tarball (ingestor plugins install ./plugin.tgz), or put the plugin into the image (npm install beside the ingestor).';

/** The error of a process: `stdout` holds the JSON report of npm, if npm has written one. */
export type ProcessFailure = Error & { stdout?: string; stderr?: string };

/** Returns the error for the user when npm failed with the arguments `call` in the folder of plugins. */
export function npmFailure(call: string, failure: ProcessFailure, folder: string): IngestorError {
  const { code, summary, detail } = reported(failure);
  const firstLine = summary.split('\n')[0]!;
  if (NOT_THERE.includes(code)) {
    return makeError('plugin-not-found', {
      message: `The registry has no such package: ${firstLine}`,
      fix: [
        `Correct the name; the formats of ${FORMAT_PREFIX}* are ${KNOWN_FORMATS.map((format) => friendlyName(format.package)).join(', ')}.`,
        'A registry of your own is named by npm_config_registry or in .npmrc.',
      ],
      cause: failure,
    });
  }
  if (code === 'EALLOWGIT') {
    return makeError('git-refused', {
      message: `npm ${call}: packages of git repositories are not installed, since they could run programs meanwhile. ${detail}`,
      fix: 'Install a version whose dependencies all come from a registry, or ask its author for one.',
      cause: failure,
    });
  }
  if (REFUSED.includes(code)) {
    return makeError('registry-refused', {
      message: `The registry refuses access: ${firstLine}`,
      fix: 'Log in to it (npm login), or give its token in .npmrc.',
      cause: failure,
    });
  }
  if (NOT_WRITABLE.includes(code)) return notWritable(folder, `${code}: ${firstLine}`, failure);
  if (UNREACHABLE.test(code)) {
    return makeError('registry-unreachable', {
      message: `The registry cannot be reached: ${firstLine}`,
      fix: ['Check npm_config_registry, .npmrc, the network and its proxy.', WITHOUT_REGISTRY],
      cause: failure,
    });
  }
  return makeError('install-failed', {
    message: `npm ${call} failed: ${summary}`,
    fix: `See what npm says; it works in ${folder}.`,
    cause: failure,
  });
}

export function notWritable(folder: string, reason: string, cause: unknown): IngestorError {
  return makeError('plugins-not-writable', {
    message: `Plugins cannot be installed into ${folder}: ${reason}`,
    fix: [
      'Name folders that can be written to: XDG_DATA_HOME for the plugins, npm_config_cache for what npm downloads.',
      'In an image whose file system is read-only, install the plugin beside the ingestor when it is built: npm install <package>',
    ],
    cause,
  });
}

interface NpmReport {
  code?: string;
  summary?: string;
  detail?: string;
}

/** Returns npm's `--json` report of an error, or the text on stderr when there is none. */
function reported(failure: ProcessFailure): Required<NpmReport> {
  try {
    const { error } = JSON.parse(failure.stdout ?? '') as { error: NpmReport };
    return { code: error.code ?? '', summary: error.summary ?? failure.message, detail: error.detail?.trim() ?? '' };
  } catch {
    return { code: '', summary: failure.stderr?.trim() || failure.message, detail: '' };
  }
}
