import { SECRET_VARIABLES } from '@tracebloc/ingestor-core';
import type { Job } from './kube-types.js';

/** Where the ingest.yaml lies in the pod. */
export const CONFIG_FOLDER = '/etc/ingestor';
export const CONFIG_FILE = 'ingest.yaml';
/** The CAs to trust, beside it, where there are any. */
export const CA_FILE = 'ca.pem';
export const CONTAINER = 'ingest';

/** What is told by the Secret and never in the Job itself. */
export const CREDENTIAL_VARIABLES = [...SECRET_VARIABLES, 'CLIENT_ID'] as const;

/** By these the Jobs of this program are found. */
export const LABELS = { 'app.kubernetes.io/name': 'ingestor', 'app.kubernetes.io/component': 'ingest' };

/** The Job of `deploy/job/base`, which explains it; a test compares the two. */
export function jobTemplate(): Job {
  const variables = {
    INGEST_CONFIG: `${CONFIG_FOLDER}/${CONFIG_FILE}`,
    TITLE: '',
    BATCH_SIZE: '4000',
    LOG_LEVEL: 'WARNING',
    CLIENT_ENV: 'prod',
    BACKEND_URL: '',
    CLIENT_PVC: 'client-pvc',
    STORAGE_PATH: '/data/shared',
    MYSQL_HOST: 'mysql-client',
    MYSQL_PORT: '3306',
    DB_NAME: 'training_test_datasets',
    DB_USER: 'edgeuser',
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'ingest', labels: { ...LABELS } },
    spec: {
      backoffLimit: 3,
      podFailurePolicy: {
        rules: [
          { action: 'FailJob', onExitCodes: { containerName: CONTAINER, operator: 'In', values: [2, 3] } },
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'Ignore', onExitCodes: { containerName: CONTAINER, operator: 'In', values: [130] } },
        ],
      },
      ttlSecondsAfterFinished: 86_400,
      template: {
        metadata: { labels: { ...LABELS } },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: 60,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          imagePullSecrets: [{ name: 'regcred' }],
          securityContext: {
            runAsNonRoot: true,
            fsGroup: 10_001,
            fsGroupChangePolicy: 'OnRootMismatch',
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: CONTAINER,
              image: 'tracebloc/ingestor:0.1.0',
              imagePullPolicy: 'IfNotPresent',
              args: ['ingest'],
              env: [
                ...Object.entries(variables).map(([name, value]) => ({ name, value })),
                ...CREDENTIAL_VARIABLES.map((key) => ({
                  name: key,
                  valueFrom: {
                    secretKeyRef: {
                      name: 'ingest-credentials',
                      key,
                      ...(key === 'DB_PASSWORD' ? {} : { optional: true }),
                    },
                  },
                })),
              ],
              resources: {
                requests: { cpu: '500m', memory: '512Mi', 'ephemeral-storage': '64Mi' },
                limits: { cpu: '2', memory: '2Gi', 'ephemeral-storage': '512Mi' },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ['ALL'] },
              },
              volumeMounts: [
                { name: 'shared', mountPath: '/data/shared' },
                { name: 'config', mountPath: CONFIG_FOLDER, readOnly: true },
                { name: 'tmp', mountPath: '/tmp' },
              ],
            },
          ],
          volumes: [
            { name: 'shared', persistentVolumeClaim: { claimName: 'client-pvc' } },
            { name: 'config', configMap: { name: 'ingest-config' } },
            { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
          ],
        },
      },
    },
  };
}
