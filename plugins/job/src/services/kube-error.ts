import type { V1Status } from '@kubernetes/client-node';
import { IngestorError } from '@tracebloc/ingestor-core';

/** A call to the API server, in the words of its access rules. */
export interface KubeCall {
  verb: 'create' | 'delete' | 'get' | 'list' | 'update';
  /** `jobs`, `pods/log`. */
  resource: string;
  namespace: string;
  server: string;
}

/** An answer of the API server that is none of 2xx. */
export class KubeStatusError extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The status code of the API server's answer, if the error is one. */
export function statusOf(error: unknown): number | undefined {
  if (error instanceof KubeStatusError) return error.status;
  // The client's own class, which is not worth loading the client for.
  if (!(error instanceof Error) || !('code' in error && 'body' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}

/** What went wrong in a call, with what to do. Anything but answers and connections is given back as it is. */
export function kubeError(error: unknown, call: KubeCall): unknown {
  const status = statusOf(error);
  return status === undefined ? connectionError(error, call) : answerError(error, status, call);
}

function answerError(error: unknown, status: number, call: KubeCall): IngestorError {
  const said = saidBy(error);
  const { verb, resource, namespace, server } = call;
  const fail = (code: string, message: string, fix: string | string[]) =>
    new IngestorError({ code, message, fix, cause: error });
  if (status === 401) {
    return fail('kubernetes-unauthorized', `${server} does not accept the credentials of the kubeconfig.`, [
      'Log in again as your cluster asks for it, then try: kubectl auth whoami',
    ]);
  }
  if (status === 403 && !/exceeded quota|violates PodSecurity|denied the request/.test(said)) {
    return fail('kubernetes-forbidden', `You may not ${verb} ${resource} in namespace ${namespace}: ${said}`, [
      `Ask for a role that allows it, then try: kubectl auth can-i ${verb} ${resource} --namespace ${namespace}`,
      'Or choose another namespace (--namespace) or user (--context).',
    ]);
  }
  if (status === 404 && /^namespaces? "/.test(said)) {
    return fail('unknown-namespace', `There is no namespace ${namespace} in ${server}.`, [
      `Choose with --namespace, or make it: kubectl create namespace ${namespace}`,
    ]);
  }
  if (status === 403 || status === 400 || status === 422) {
    return fail('kubernetes-refused', `${server} does not take the ${resource} as they are: ${said}`, [
      'Correct what is named; `ingestor job render` shows the objects.',
    ]);
  }
  return fail(FAILED, `${server} could not ${verb} ${resource}: ${status} ${said}`, [
    'Try again; if it stays, look at the API server: kubectl get --raw /readyz',
  ]);
}

/** The message of the `Status` that the server answered with. */
function saidBy(error: unknown): string {
  if (error instanceof KubeStatusError) return error.message;
  const { body } = error as { body?: V1Status | string };
  return (typeof body === 'string' ? statusMessage(body) : body?.message) ?? 'no reason is given';
}

/** Of the text of an answer: that of its `Status`, else the text itself. */
export function statusMessage(text: string): string | undefined {
  try {
    return (JSON.parse(text) as V1Status).message;
  } catch {
    return text.trim().slice(0, 300) || undefined;
  }
}

/** By the code of the error or of what caused it. */
const CONNECTION: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was closed',
  UND_ERR_SOCKET: 'the connection was closed',
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name cannot be looked up now',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
  ERR_TIMEOUT: 'it does not answer',
};

const UNREACHABLE = 'kubernetes-unreachable';
const FAILED = 'kubernetes-failed';

/** The same call may succeed a little later. */
export function isPassing(error: unknown): boolean {
  return error instanceof IngestorError && [UNREACHABLE, FAILED].includes(error.code);
}

function connectionError(error: unknown, { server }: KubeCall): unknown {
  if (!(error instanceof Error) || error instanceof IngestorError || error.name === 'AbortError') return error;
  const causes = [error, ...causesOf(error)];
  const codes = causes.map((cause) => (cause as NodeJS.ErrnoException).code ?? '');
  const told = codes.map((code) => CONNECTION[code]).find((text) => text !== undefined);
  const timedOut = causes.some(({ name }) => name === 'TimeoutError');
  if (told !== undefined || timedOut) {
    return new IngestorError({
      code: UNREACHABLE,
      message: `The API server ${server} cannot be reached: ${told ?? 'it does not answer'}.`,
      fix: [
        'Check that the cluster runs and that this is its address: kubectl cluster-info',
        'Choose another with --context.',
      ],
      cause: error,
    });
  }
  const tls = codes.findIndex((code) => /CERT|TLS|SSL|ISSUER/.test(code));
  if (tls !== -1) {
    return new IngestorError({
      code: 'kubernetes-certificate',
      message: `The certificate of ${server} is not accepted: ${causes[tls]!.message}`,
      fix: 'Check certificate-authority-data of the cluster in the kubeconfig.',
      cause: error,
    });
  }
  // What is left comes from the kubeconfig: a program that gives credentials and is not there, a proxy, a bad file.
  return new IngestorError({
    code: 'kubernetes-connection',
    message: `${server} cannot be talked to: ${causes.at(-1)!.message}`,
    fix: 'Check that kubectl works with the same kubeconfig: kubectl cluster-info',
    cause: error,
  });
}

function causesOf(error: Error): Error[] {
  const { cause } = error;
  if (cause instanceof AggregateError) return [cause, ...(cause.errors as Error[])];
  return cause instanceof Error ? [cause, ...causesOf(cause)] : [];
}
