import type { KubeObject } from './store.js';
import type { Claim, Data, Job, KubeEvent, Pod } from './types.js';

/** One kind of object that the server stores, of type `T`. */
export interface Resource<T extends KubeObject = KubeObject> {
  /** The empty string is the core group. */
  group: string;
  version: string;
  /** The name in paths. */
  plural: string;
  kind: string;
  namespaced: boolean;
  shortNames: string[];
  /** Never set; it binds the type parameter. */
  readonly type?: T;
}

const core = <T extends KubeObject>(plural: string, kind: string, ...shortNames: string[]): Resource<T> => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
  shortNames,
});

export const JOBS: Resource<Job> = { ...core<Job>('jobs', 'Job'), group: 'batch' };
export const NAMESPACES: Resource = { ...core('namespaces', 'Namespace', 'ns'), namespaced: false };
export const PODS = core<Pod>('pods', 'Pod', 'po');
export const EVENTS = core<KubeEvent>('events', 'Event', 'ev');
export const CONFIG_MAPS = core<Data>('configmaps', 'ConfigMap', 'cm');
export const SECRETS = core<Data>('secrets', 'Secret');
export const CLAIMS = core<Claim>('persistentvolumeclaims', 'PersistentVolumeClaim', 'pvc');

export const RESOURCES: readonly Resource[] = [NAMESPACES, PODS, EVENTS, CONFIG_MAPS, SECRETS, CLAIMS, JOBS];

/** The kinds that `kubectl get all` lists. */
const ALL = ['pods', 'jobs'];

export function groupVersion({ group, version }: Resource): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Returns the name in messages, such as `jobs.batch`. */
export function qualified({ plural, group }: Resource): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** The answers about the API itself, which clients read first, by their paths. */
export const DISCOVERY: Readonly<Record<string, object>> = {
  '/version': { major: '1', minor: '32', gitVersion: 'v1.32.0', platform: 'linux/amd64' },
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: [
      {
        name: 'batch',
        versions: [{ groupVersion: 'batch/v1', version: 'v1' }],
        preferredVersion: { groupVersion: 'batch/v1', version: 'v1' },
      },
    ],
  },
  '/api/v1': resourceList('v1'),
  '/apis/batch/v1': resourceList('batch/v1'),
  '/openapi/v3': {
    paths: {
      'api/v1': { serverRelativeURL: '/openapi/v3/api/v1' },
      'apis/batch/v1': { serverRelativeURL: '/openapi/v3/apis/batch/v1' },
    },
  },
  '/openapi/v3/api/v1': openApi('v1', '/api/v1'),
  '/openapi/v3/apis/batch/v1': openApi('batch/v1', '/apis/batch/v1'),
};

function resourceList(version: string): object {
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
  const resources = RESOURCES.filter((resource) => groupVersion(resource) === version).map(
    ({ plural, kind, namespaced, shortNames }) => {
      const singularName = kind.toLowerCase();
      const categories = ALL.includes(plural) ? ['all'] : [];
      return { name: plural, singularName, kind, namespaced, verbs, shortNames, categories };
    },
  );
  const log = { name: 'pods/log', singularName: '', kind: 'Pod', namespaced: true, verbs: ['get'] };
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: version,
    resources: version === 'v1' ? [...resources, log] : resources,
  };
}

/** Describes to `kubectl apply` that the server checks fields itself. */
function openApi(version: string, root: string): object {
  const parameters = [{ name: 'fieldValidation', in: 'query', schema: { type: 'string' } }];
  const paths = RESOURCES.filter((resource) => groupVersion(resource) === version).map((resource) => {
    const { plural, namespaced, group, kind } = resource;
    const path = `${root}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`;
    const type = { group, version: resource.version, kind };
    return [path, { patch: { parameters, 'x-kubernetes-group-version-kind': type } }];
  });
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.32.0' },
    paths: Object.fromEntries(paths) as object,
  };
}
