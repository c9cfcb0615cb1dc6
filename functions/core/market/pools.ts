export type Market = 'spot' | 'on-demand';

/** Where a shard can be rendered. `azId` is an AZ id (`use1-az4`: the same zone in every account) or `any`. */
export interface Pool {
  readonly azId: string;
  readonly instanceType: string;
  readonly market: Market;
}

/** `use1-az4/g6.xlarge/spot` */
export const poolId = (pool: Pool) => `${pool.azId}/${pool.instanceType}/${pool.market}`;

/** How the name of each of our queues begins. */
export const queuePrefix = 'spot-diffusion-';

/** AWS Batch has no AZ or type per job: each pool has a compute environment and a queue of its own, named by this. */
export const queueName = (pool: Pool) =>
  `${queuePrefix}${pool.azId}-${pool.instanceType.replaceAll('.', '-')}-${pool.market}`;

/**
 * The pools that the stack deploys: each zone and type on Spot, each type on Spot in any zone (the last Spot step),
 * each type on demand in any zone.
 */
export function listPools(zones: readonly string[], instanceTypes: readonly string[]): readonly Pool[] {
  const spotZones = [...zones.filter((azId) => azId !== 'any'), 'any'];
  return instanceTypes.flatMap((instanceType) => [
    ...spotZones.map((azId): Pool => ({ azId, instanceType, market: 'spot' })),
    { azId: 'any', instanceType, market: 'on-demand' },
  ]);
}
