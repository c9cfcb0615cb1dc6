import pMap from 'p-map';
import type { Clock } from './core/clock.ts';
import { findIdle } from './core/fleet/idle-instances.ts';
import type { Clusters, ComputeEnvironments, Instances } from './core/fleet/ports.ts';
import { listPools, queueName } from './core/market/pools.ts';

export interface FindIdleInstancesDeps {
  readonly instances: Instances;
  readonly environments: ComputeEnvironments;
  readonly clusters: Clusters;
  readonly clock: Clock;
  readonly zones: readonly string[];
  readonly instanceTypes: readonly string[];
}

export interface IdleInstances {
  /** Running ones of ours. */
  readonly instances: number;
  readonly idle: readonly string[];
}

/** Asks every ten minutes whether an instance runs without a job; an alarm reads the answer in the log. */
export function makeFindIdleInstances(deps: FindIdleInstancesDeps) {
  const queues = listPools(deps.zones, deps.instanceTypes).map(queueName);

  return async (): Promise<IdleInstances> => {
    const instances = await deps.instances.running();
    // The usual answer: one call, and nothing else is asked.
    if (!instances.length) return { instances: 0, idle: [] };
    const environments = await deps.environments.behind(queues);
    const clusters = environments.flatMap((environment) => environment.clusterArn ?? []);
    const members = await pMap(clusters, (arn) => deps.clusters.members(arn), { concurrency: 8 });
    return { instances: instances.length, idle: findIdle(instances, members.flat(), deps.clock.now()) };
  };
}
