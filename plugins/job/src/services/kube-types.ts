import type {
  CoreV1Event,
  V1ConfigMap,
  V1Job,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Secret,
} from '@kubernetes/client-node';

/** The client's models are classes that nobody makes an instance of: these are their fields alone. */
type Plain<T> = T extends Date
  ? T
  : T extends (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? { [Name in keyof T]: Plain<T[Name]> }
      : T;

export type Job = Plain<V1Job>;
export type Pod = Plain<V1Pod>;
export type ConfigMap = Plain<V1ConfigMap>;
export type Secret = Plain<V1Secret>;
export type Claim = Plain<V1PersistentVolumeClaim>;
export type KubeEvent = Plain<CoreV1Event>;
export type ObjectMeta = Plain<V1ObjectMeta>;
export type Container = NonNullable<Pod['spec']>['containers'][number];
export type ContainerState = NonNullable<NonNullable<NonNullable<Pod['status']>['containerStatuses']>[number]['state']>;
