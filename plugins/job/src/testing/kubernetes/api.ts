import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { admit } from './admission.js';
import type { Collector, Propagation } from './collector.js';
import { applyPatch } from './patch.js';
import { groupVersion, JOBS, qualified, RESOURCES, type Resource } from './resources.js';
import { StatusError } from './status.js';
import type { KubeObject, Selection, Store } from './store.js';
import type { Job } from './types.js';

export type Verb = 'create' | 'delete' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A request for objects, read from its path and query. */
export interface ApiRequest {
  verb: Verb;
  resource: Resource;
  namespace?: string;
  name?: string;
  /** Only `log` exists here. */
  subresource?: string;
  query: URLSearchParams;
}

const VERBS: Readonly<Record<string, readonly [one: Verb, many: Verb]>> = {
  GET: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'delete'],
};

/** Returns undefined when the path does not name objects. */
export function parsePath(method: string, url: URL): ApiRequest | undefined {
  const path = /^\/(?:api|apis\/(?<group>[^/]+))\/v1\/(?:namespaces\/(?<namespace>[^/]+)\/)?(?<rest>.+)$/.exec(
    url.pathname,
  );
  if (!path) return undefined;
  const { group = '', namespace, rest } = path.groups!;
  const [plural, name, subresource] = rest!.split('/');
  const resource = RESOURCES.find((known) => known.plural === plural && known.group === group);
  const verbs = VERBS[method];
  if (!resource || !verbs) return undefined;
  const watched = name === undefined && ['1', 'true'].includes(url.searchParams.get('watch') ?? '');
  const verb = method === 'GET' && watched ? 'watch' : verbs[name === undefined ? 1 : 0];
  return { verb, resource, namespace, name, subresource, query: url.searchParams };
}

export function selectionOf({ namespace, query }: ApiRequest): Selection {
  const read = (name: string) => query.get(name) ?? undefined;
  return { namespace, labelSelector: read('labelSelector'), fieldSelector: read('fieldSelector') };
}

/** Answers a request for objects that does not stream. Throws a `StatusError`. */
export function answer(
  store: Store,
  collector: Collector,
  request: ApiRequest,
  body: unknown,
  contentType: string,
): { status: number; body: object } {
  const { verb, resource, namespace, name } = request;
  if (verb === 'list') {
    const metadata = { resourceVersion: String(store.version) };
    const items = store.list(resource, selectionOf(request));
    return ok({ kind: `${resource.kind}List`, apiVersion: groupVersion(resource), metadata, items });
  }
  if (verb === 'create') {
    const uid = randomUUID();
    const object = structuredClone(body) as KubeObject;
    object.metadata.namespace = namespace;
    admit(resource, object, uid);
    return { status: 201, body: store.create(resource, object, uid) };
  }
  const object = store.get(resource, name!, namespace);
  switch (verb) {
    case 'update':
      return ok(replace(store, resource, object, body as KubeObject));
    case 'patch':
      return ok(replace(store, resource, object, applyPatch(object, body, contentType)));
    case 'delete': {
      const options = body as { propagationPolicy?: Propagation } | undefined;
      const asked = (options?.propagationPolicy ?? request.query.get('propagationPolicy')) as Propagation | null;
      // Kubernetes keeps the dependents of a Job by default, unlike those of other objects.
      collector.delete(resource, object, asked ?? (resource === JOBS ? 'Orphan' : 'Background'));
      return ok({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Success',
        details: { name: name!, uid: object.metadata.uid },
      });
    }
    default:
      return ok(object);
  }
}

function replace(store: Store, resource: Resource, present: KubeObject, given: KubeObject): KubeObject {
  const { uid, resourceVersion, creationTimestamp } = present.metadata;
  const version = given.metadata.resourceVersion as string | undefined;
  if (version !== undefined && version !== resourceVersion) {
    const message = `Operation cannot be fulfilled on ${qualified(resource)} "${present.metadata.name}": the object has been modified`;
    throw new StatusError(409, message, 'Conflict');
  }
  if (resource === JOBS && !isDeepStrictEqual((present as Job).spec.template, (given as Job).spec.template)) {
    const message = `Job.batch "${present.metadata.name}" is invalid: spec.template: field is immutable`;
    throw new StatusError(422, message);
  }
  const { namespace } = present.metadata;
  return store.update(resource, present, (object) => {
    Object.assign(object, structuredClone(given));
    object.metadata = { ...given.metadata, namespace, uid, creationTimestamp, resourceVersion };
  })!;
}

const ok = (body: object) => ({ status: 200, body });
