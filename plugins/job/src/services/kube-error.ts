import type { V1Status } from '@kubernetes/client-node';
import { IngestorError } from '@tracebloc/ingestor-core';
import { JOB_ERRORS, TransientError } from '../errors.js';

/** A call to the API server, in the terms of its access rules. */
export interface KubeCall {
  verb: 'create' | 'delete' | 'get' | 'list' | 'update';
  /** `jobs`, `pods/log`. */
  resource: string;
  namespace: string;
  server: string;
}

/** The API server answered with a status other than 2xx. */
export class KubeStatusError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Returns the status code of the API server's answer, or undefined when the call got no answer. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof KubeStatusError) return error.status;
  // This is the client's own class. To load the client only to compare classes would be slow.
  if (!(error instanceof Error) || !('code' in error && 'body' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}

/** Returns an `IngestorError` for an answer or a connection that failed; any other error is returned as it is. */
export function kubeError(error: unknown, call: KubeCall): unknown {
  const status = statusOf(error);
  return status === undefined ? connectionError(error, call) : answerError(error, status, call);
}

function answerError(error: unknown, status: number, call: KubeCall): IngestorError {
  const said = saidBy(error);
  const { verb, resource, namespace, server } = call;
  const fail = (code: Parameters<typeof JOB_ERRORS.make>[0], message: string, fix: string[]) =>
    JOB_ERRORS.make(code, { message, fix, cause: error });
  if (status === 401) {
    return fail('kubernetes-unauthorized', `${server} does not accept the credentials of the kubeconfig.`, [
      'Log in to the cluster again, then check: kubectl auth whoami',
    ]);
  }
  if (status === 403 && !/exceeded quota|violates PodSecurity|denied the request/.test(said)) {
    return fail('kubernetes-forbidden', `You may not ${verb} ${resource} in namespace ${namespace}: ${said}`, [
      `Ask for a role that allows it, then check: kubectl auth can-i ${verb} ${resource} --namespace ${namespace}`,
      'Or choose another namespace (--namespace) or user (--context).',
    ]);
  }
  if (status === 404 && /^namespaces? "/.test(said)) {
    return fail('unknown-namespace', `${server} has no namespace ${namespace}.`, [
      `Choose another with --namespace, or create it: kubectl create namespace ${namespace}`,
    ]);
  }
  if (status === 403 || status === 400 || status === 422) {
    return fail('kubernetes-refused', `${server} refuses the ${resource}: ${said}`, [
      'Correct what the message names; `ingestor job render` shows the objects.',
    ]);
  }
  return new TransientError('kubernetes-failed', {
    message: `${server} could not ${verb} ${resource}: ${status} ${said}`,
    fix: 'Try again. If it fails again, check the API server: kubectl get --raw /readyz',
    cause: error,
  });
}

/** Returns the message of the `Status` in the answer. */
function saidBy(error: unknown): string {
  if (error instanceof KubeStatusError) return error.message;
  const { body } = error as { body?: V1Status | string };
  return (typeof body === 'string' ? statusMessage(body) : body?.message) ?? 'no reason is given';
}

/** Returns the message of the `Status` that a text holds, else its first 300 characters; undefined when it is empty. */
export function statusMessage(text: string): string | undefined {
  try {
    return (JSON.parse(text) as V1Status).message;
  } catch {
    return text.trim().slice(0, 300) || undefined;
  }
}

/** Says what is wrong with a connection, by the code of the error or of its cause. */
const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'its name is unknown',
  EAI_AGAIN: 'its name cannot be looked up now',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  ERR_TIMEOUT: 'it does not answer',
};

function connectionError(error: unknown, { server }: KubeCall): unknown {
  if (!isError(error) || error instanceof IngestorError || error.name === 'AbortError') return error;
  const causes = [error, ...causesOf(error)];
  const codes = causes.map((cause) => (cause as NodeJS.ErrnoException).code ?? '');
  const reason = codes.map((code) => CONNECTION[code]).find((text) => text !== undefined);
  const timedOut = causes.some(({ name }) => name === 'TimeoutError');
  if (reason !== undefined || timedOut) {
    return new TransientError('kubernetes-unreachable', {
      message: `The API server ${server} cannot be reached: ${reason ?? 'it does not answer'}.`,
      fix: [
        'Check that the cluster runs and that this is its address: kubectl cluster-info',
        'Choose another with --context.',
      ],
      cause: error,
    });
  }
  const tls = codes.findIndex((code) => /CERT|TLS|SSL|ISSUER/.test(code));
  if (tls !== -1) {
    return JOB_ERRORS.make('kubernetes-certificate', {
      message: `The certificate of ${server} is not trusted: ${causes[tls]!.message}`,
      fix: 'Check certificate-authority-data of the cluster in the kubeconfig.',
      cause: error,
    });
  }
  // The rest comes from the kubeconfig: a credential plugin that is not installed, a proxy, a bad file.
  return JOB_ERRORS.make('kubernetes-connection', {
    message: `The connection to ${server} cannot be set up: ${causes.at(-1)!.message}`,
    fix: 'Check that kubectl works with the same kubeconfig: kubectl cluster-info',
    cause: error,
  });
}

function causesOf({ cause }: Error): Error[] {
  if (!isError(cause)) return [];
  return [cause, ...('errors' in cause ? (cause.errors as Error[]) : causesOf(cause))];
}

/** Recognizes errors of Node's own modules too where this runs in another realm, as under a test runner. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}
