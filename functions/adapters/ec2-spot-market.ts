import { type _InstanceType, type EC2Client, paginateDescribeSpotPriceHistory } from '@aws-sdk/client-ec2';
import type { SpotMarket } from '../core/ports.ts';
import type { SpotPrice } from '../core/rank-pools.ts';

/** DescribeSpotPriceHistory from now on gives the last change before now: the price in force, one row per type and zone. */
export function makeEc2SpotMarket(client: EC2Client, now: () => number): SpotMarket {
  return {
    currentPrices: async (instanceTypes) => {
      const request = {
        InstanceTypes: instanceTypes.map((name) => name as _InstanceType),
        ProductDescriptions: ['Linux/UNIX'],
        StartTime: new Date(now()),
      };
      const latest = new Map<string, SpotPrice & { at: number }>();
      for await (const page of paginateDescribeSpotPriceHistory({ client }, request)) {
        for (const row of page.SpotPriceHistory ?? []) {
          const usdPerHour = Number(row.SpotPrice);
          const azId = row.AvailabilityZoneId;
          if (!azId || !row.InstanceType || !(usdPerHour > 0)) continue; // a row that names no pool or no price
          const key = `${azId} ${row.InstanceType}`;
          const at = row.Timestamp?.getTime() ?? 0;
          if (at >= (latest.get(key)?.at ?? Number.NEGATIVE_INFINITY)) {
            latest.set(key, { azId, instanceType: row.InstanceType, usdPerHour, at });
          }
        }
      }
      return [...latest.values()].map(({ azId, instanceType, usdPerHour }) => ({ azId, instanceType, usdPerHour }));
    },
  };
}
