import type { KubeObject } from './store.js';

export interface EnvVariable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef?: KeyReference; fieldRef?: { apiVersion: string; fieldPath: string } };
}

export interface KeyReference {
  name: string;
  key: string;
  optional?: boolean;
}

export interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: EnvVariable[];
  volumeMounts?: { name: string; mountPath: string }[];
}

export interface Volume {
  name: string;
  persistentVolumeClaim?: { claimName: string };
  configMap?: { name: string };
}

export interface PodSpec {
  restartPolicy?: string;
  terminationGracePeriodSeconds?: number;
  nodeName?: string;
  containers: Container[];
  volumes?: Volume[];
}

export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: { exitCode: number; reason: string; startedAt: string; finishedAt: string };
}

export interface Condition {
  type: string;
  status: 'True' | 'False';
  reason?: string;
  message?: string;
  lastTransitionTime: string;
}

export interface Pod extends KubeObject {
  spec: PodSpec;
  status: {
    phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
    conditions?: Condition[];
    containerStatuses?: {
      name: string;
      image: string;
      imageID: string;
      ready: boolean;
      restartCount: number;
      state: ContainerState;
    }[];
  };
}

export interface FailureRule {
  action: 'FailJob' | 'FailIndex' | 'Ignore' | 'Count';
  onExitCodes?: { operator: 'In' | 'NotIn'; values: number[] };
}

export interface Job extends KubeObject {
  spec: {
    completionMode?: 'NonIndexed' | 'Indexed';
    completions?: number;
    parallelism?: number;
    backoffLimit?: number;
    backoffLimitPerIndex?: number;
    activeDeadlineSeconds?: number;
    suspend?: boolean;
    selector?: { matchLabels: Record<string, string> };
    podFailurePolicy?: { rules: FailureRule[] };
    template: { metadata?: { labels?: Record<string, string> }; spec: PodSpec };
  };
  status?: {
    active?: number;
    succeeded?: number;
    failed?: number;
    completedIndexes?: string;
    failedIndexes?: string;
    startTime?: string;
    completionTime?: string;
    conditions?: Condition[];
  };
}

export interface Data extends KubeObject {
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}

export interface Claim extends KubeObject {
  spec: { accessModes?: string[] };
  status?: { phase: 'Bound' | 'Pending' };
}

export interface KubeEvent extends KubeObject {
  involvedObject: { kind: string; namespace?: string; name: string; uid: string; apiVersion: string };
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  source: { component: string };
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
}
