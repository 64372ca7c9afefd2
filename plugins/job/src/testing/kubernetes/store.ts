import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { groupVersion, NAMESPACES, qualified, type Resource } from './resources.js';
import { StatusError } from './status.js';

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
}

export interface Metadata {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp: string;
  deletionTimestamp?: string;
  finalizers?: string[];
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  ownerReferences?: OwnerReference[];
}

export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: KubeObject;
}

/** Selects objects of a list. */
export interface Selection {
  namespace?: string;
  /** Conditions on labels, such as `a=b,c!=d`. */
  labelSelector?: string;
  /** Conditions on fields, such as `a.b=c`. */
  fieldSelector?: string;
}

/** Stores the objects. Each change has its own version. Callers receive copies and change objects through `update`. */
export class Store {
  readonly changes: Change[] = [];
  readonly #objects = new Map<string, KubeObject>();
  readonly #emitter = new EventEmitter().setMaxListeners(0);

  /** Returns the version of the latest change. */
  get version(): number {
    return this.changes.length;
  }

  onChange(listener: (change: Change) => void): () => void {
    this.#emitter.on('change', listener);
    return () => void this.#emitter.off('change', listener);
  }

  /** Throws a `StatusError` when the name is in use or the namespace does not exist. */
  create<T extends KubeObject>(resource: Resource<T>, given: unknown, uid: string = randomUUID()): T {
    const object = structuredClone(given) as T;
    const { name, namespace } = object.metadata;
    if (namespace !== undefined) this.get(NAMESPACES, namespace);
    if (this.#objects.has(key(resource, name, namespace))) {
      throw new StatusError(409, `${qualified(resource)} "${name}" already exists`);
    }
    const creationTimestamp = timestamp();
    object.metadata = { ...object.metadata, uid, creationTimestamp };
    object.apiVersion = groupVersion(resource);
    object.kind = resource.kind;
    return this.#put('ADDED', resource, object);
  }

  find<T extends KubeObject>(resource: Resource<T>, name: string, namespace?: string): T | undefined {
    return structuredClone(this.#objects.get(key(resource, name, namespace))) as T | undefined;
  }

  /** Throws a `StatusError` when the object does not exist. */
  get<T extends KubeObject>(resource: Resource<T>, name: string, namespace?: string): T {
    const object = this.find<T>(resource, name, namespace);
    if (object) return object;
    throw new StatusError(404, `${qualified(resource)} "${name}" not found`);
  }

  list<T extends KubeObject>(resource: Resource<T>, selection: Selection = {}): T[] {
    const all = [...this.#objects].filter(([name]) => name.startsWith(`${qualified(resource)}/`));
    const selected = all.map(([, object]) => object as T).filter((object) => isSelected(object, selection));
    return selected.map((object) => structuredClone(object));
  }

  /** Changes an object and returns it, or returns undefined when it no longer exists. */
  update<T extends KubeObject>(
    resource: Resource<T>,
    { metadata }: KubeObject,
    change: (object: T) => void,
  ): T | undefined {
    const object = this.find<T>(resource, metadata.name, metadata.namespace);
    if (object?.metadata.uid !== metadata.uid) return undefined;
    change(object);
    return this.#put('MODIFIED', resource, object);
  }

  /** Does nothing when the object no longer exists. */
  remove(resource: Resource, { metadata: { name, namespace, uid } }: KubeObject): void {
    const object = this.find(resource, name, namespace);
    if (object?.metadata.uid !== uid) return;
    this.#objects.delete(key(resource, name, namespace));
    this.#tell({ type: 'DELETED', resource, object: object });
  }

  #put<T extends KubeObject>(type: Change['type'], resource: Resource, object: T): T {
    object.metadata.resourceVersion = String(this.version + 1);
    this.#objects.set(key(resource, object.metadata.name, object.metadata.namespace), object);
    this.#tell({ type, resource, object: structuredClone(object) });
    return structuredClone(object);
  }

  #tell(change: Change): void {
    this.changes.push(change);
    this.#emitter.emit('change', change);
  }
}

export function isSelected(object: KubeObject, { namespace, labelSelector, fieldSelector }: Selection): boolean {
  const field = (path: string) =>
    path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], object);
  return (
    (namespace === undefined || object.metadata.namespace === namespace) &&
    matches(labelSelector, (name) => object.metadata.labels?.[name]) &&
    matches(fieldSelector, (path) => field(path) as string | undefined)
  );
}

function matches(selector: string | undefined, read: (name: string) => string | undefined): boolean {
  const terms = (selector ?? '').split(',').filter((term) => term !== '');
  return terms.every((term) => {
    const [, name, operator, value] = /^([^=!]+)(?:(!=|==?)(.*))?$/.exec(term) ?? [];
    if (name === undefined) throw new StatusError(400, `unable to parse requirement: ${term}`);
    if (operator === undefined) return read(name) !== undefined;
    return (operator === '!=') !== ((read(name) ?? '') === value);
  });
}

function key(resource: Resource, name: string, namespace = ''): string {
  return `${qualified(resource)}/${namespace}/${name}`;
}

/** Returns the present time in whole seconds, as the API server writes it. */
export function timestamp(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z');
}
