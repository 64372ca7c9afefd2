import type { Kubelet } from './kubelet.js';
import { JOBS, PODS, RESOURCES, type Resource } from './resources.js';
import { timestamp, type KubeObject, type Store } from './store.js';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

/** Removes objects together with the objects that they own. */
export class Collector {
  constructor(
    private readonly store: Store,
    private readonly kubelet: Kubelet,
  ) {
    store.onChange(({ type, resource, object }) => {
      if (type !== 'DELETED') return;
      for (const owner of object.metadata.ownerReferences ?? []) this.#finishForeground(owner.uid);
      if (resource !== JOBS || object.metadata.finalizers?.includes('orphan')) return;
      this.#removeDependents(object.metadata.uid);
    });
  }

  delete(resource: Resource, object: KubeObject, propagation: Propagation): void {
    if (resource === PODS) {
      this.kubelet.stop(object);
      return;
    }
    if (propagation === 'Background' || this.#dependents(object.metadata.uid).length === 0) {
      this.store.remove(resource, object);
      return;
    }
    const finalizer = propagation === 'Orphan' ? 'orphan' : 'foregroundDeletion';
    this.store.update(resource, object, ({ metadata }) => {
      metadata.deletionTimestamp ??= timestamp();
      metadata.finalizers = [finalizer];
    });
    if (propagation === 'Orphan') this.store.remove(resource, object);
    else this.#removeDependents(object.metadata.uid);
  }

  #finishForeground(uid: string): void {
    const owner = this.store.list(JOBS).find(({ metadata }) => metadata.uid === uid);
    if (owner?.metadata.deletionTimestamp !== undefined && this.#dependents(uid).length === 0) {
      this.store.remove(JOBS, owner);
    }
  }

  #removeDependents(uid: string): void {
    for (const [resource, object] of this.#dependents(uid)) this.delete(resource, object, 'Background');
  }

  #dependents(uid: string): (readonly [Resource, KubeObject])[] {
    return RESOURCES.flatMap((resource) =>
      this.store
        .list(resource)
        .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid))
        .map((object) => [resource, object] as const),
    );
  }
}
