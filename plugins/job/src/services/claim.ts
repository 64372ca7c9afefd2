import type { Cluster } from './cluster.js';
import type { JobPlan } from './plan.js';
import { shardsOf } from './shards.js';

const SHARED = 'ReadWriteMany';

/** What the claims do not let shards do; of one that is not there, or that this user may not see, nothing is known. */
export async function claimWarnings(cluster: Cluster, plans: readonly JobPlan[]): Promise<string[]> {
  const jobs = plans.map(({ objects: { job } }) => job).filter((job) => shardsOf(job) !== undefined);
  const volumes = jobs.flatMap(({ spec }) => spec!.template.spec!.volumes ?? []);
  const names = new Set(volumes.flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? []));
  const claims = await Promise.all([...names].map((name) => cluster.findClaim(name)));
  return claims.flatMap((claim) => {
    const modes = claim?.spec?.accessModes ?? [SHARED];
    if (modes.includes(SHARED)) return [];
    return `Claim ${claim!.metadata!.name!} is ${modes.join(', ')}: the shards that are not on the node that has its volume cannot start. ${SHARED} lets them run on all nodes.`;
  });
}
