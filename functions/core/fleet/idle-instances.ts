import type { Instance, Member } from './ports.ts';

/** Time to boot, to join its cluster and to be given its job. */
const graceMinutes = 10;

/**
 * Instances that are paid for and work for nobody. One that never joined a cluster is among them: no job can reach it, and
 * Batch may keep it all the same.
 * @param now milliseconds since the epoch
 */
export function findIdle(instances: readonly Instance[], members: readonly Member[], now: number): readonly string[] {
  const isOld = (since: number) => now - since > graceMinutes * 60_000;
  const byId = new Map(members.map((member) => [member.instanceId, member]));
  return instances
    .filter(({ id, launchedAt }) => {
      const member = byId.get(id);
      return isOld(launchedAt) && (!member || (!member.tasks && isOld(member.registeredAt)));
    })
    .map(({ id }) => id);
}
