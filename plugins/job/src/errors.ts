import { defineErrors, ExitCode, IngestorError, type ErrorDetails } from '@tracebloc/ingestor-core';

/** What keeps the pods of a Job from starting, or has ended its run. The command that waits for the Job fails with it. */
const PROBLEMS = {
  'admission-refused': { meaning: 'The cluster refuses to create the pod.' },
  'claim-missing': { meaning: 'The namespace has no claim of the name that the Job mounts.' },
  'claim-unbound': { meaning: 'The claim is not bound to a volume yet.' },
  'container-config': { meaning: 'The container cannot be created because something that it refers to is missing.' },
  'container-not-started': { meaning: 'The container was created and cannot be started.' },
  'deadline-exceeded': { meaning: 'The Job ran longer than its activeDeadlineSeconds.' },
  evicted: { meaning: 'The node evicted the pod.' },
  'image-denied': { meaning: 'The registry refuses to hand out the image.' },
  'image-missing': { meaning: 'The registry has no such image.' },
  'image-name': { meaning: 'The name of the image is not valid.' },
  'image-pull': { meaning: 'The image cannot be pulled.' },
  'image-runs-as-root': { meaning: 'The image runs as root, which the Job forbids.' },
  'no-room': { meaning: 'No node has enough CPU, memory or storage for the pod.' },
  'out-of-memory': { meaning: 'The run needed more memory than its limit and was killed.' },
  'pod-security': { meaning: 'The pod violates the Pod Security Standard of the namespace.' },
  'quota-exceeded': { meaning: 'The pod exceeds a quota of the namespace.' },
  'secret-key-missing': { meaning: 'The Secret lacks a key that the Job reads.' },
  'secret-missing': { meaning: 'The namespace has no Secret of the name that the Job reads.' },
  'service-account-missing': { meaning: 'The namespace has no service account of the name that the pod uses.' },
  unschedulable: { meaning: 'No node accepts the pod.' },
  'volume-not-mounted': { meaning: 'A volume of the pod cannot be mounted.' },
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

export const JOB_ERRORS = defineErrors({
  ...PROBLEMS,
  'bad-kubeconfig': { meaning: 'The kubeconfig cannot be read or used.', exitCode: ExitCode.usage },
  detached: { meaning: 'A signal ended the command; the Job goes on.', exitCode: ExitCode.interrupted },
  interrupted: { meaning: 'A signal ended the command before it was done.', exitCode: ExitCode.interrupted },
  'job-deleted': { meaning: 'The Job was deleted while it was followed.' },
  'job-exists': { meaning: 'The namespace already has a Job of this name.' },
  'job-incomplete': {
    meaning: 'A submission failed, and what it had created could not be removed. The exit code is that of the failure.',
  },
  'kubernetes-answer-too-large': { meaning: 'An answer of the API server is larger than 64 MiB.' },
  'kubernetes-certificate': { meaning: 'The certificate of the API server is not trusted.' },
  'kubernetes-connection': { meaning: 'The connection to the API server cannot be set up.' },
  'kubernetes-failed': { meaning: 'The API server failed to answer a call.' },
  'kubernetes-forbidden': { meaning: 'The user of the kubeconfig lacks a permission.' },
  'kubernetes-refused': { meaning: 'The API server refuses an object as it is.' },
  'kubernetes-unauthorized': { meaning: 'The API server does not accept the credentials of the kubeconfig.' },
  'kubernetes-unreachable': { meaning: 'The API server cannot be reached.' },
  'name-in-use': { meaning: 'An object of this name exists that ingestor has not created.' },
  'no-kubeconfig': { meaning: 'There is no kubeconfig.', exitCode: ExitCode.usage },
  'not-confirmed': { meaning: 'A deletion was not confirmed.', exitCode: ExitCode.usage },
  'not-started': { meaning: 'No pod of the Job has started, and Kubernetes gives no reason.' },
  'output-unwritable': { meaning: 'The folder of --output cannot be written to.', exitCode: ExitCode.usage },
  timeout: { meaning: 'The Job had not ended when the time of --timeout was over.' },
  'unknown-job': { meaning: 'The namespace has no Job of this name that ingestor has created.' },
  'unknown-namespace': { meaning: 'The cluster has no namespace of this name.' },
  'wrong-usage': { meaning: 'Flags or arguments are not valid.', exitCode: ExitCode.usage },
});

/** The same call may succeed a little later: the API server was away or failed. */
export class TransientError extends IngestorError {
  constructor(code: 'kubernetes-failed' | 'kubernetes-unreachable', details: ErrorDetails) {
    super(JOB_ERRORS.options(code, details));
  }
}

/** The Job does not exist, or another program created it. */
export class UnknownJobError extends IngestorError {
  constructor(details: ErrorDetails) {
    super(JOB_ERRORS.options('unknown-job', details));
  }
}

/** A submission failed and may have left a Job. The exit code is that of the failure. */
export class IncompleteJobError extends IngestorError {
  constructor(details: ErrorDetails, exitCode: ExitCode) {
    super({ ...JOB_ERRORS.options('job-incomplete', details), exitCode });
  }
}

export function wrongUsage(message: string, fix: string | readonly string[]): IngestorError {
  return JOB_ERRORS.make('wrong-usage', { message, fix });
}
