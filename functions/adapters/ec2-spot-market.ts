import {
  type _InstanceType,
  type EC2Client,
  paginateDescribeSpotPriceHistory,
  type SpotPrice as RawRow,
} from '@aws-sdk/client-ec2';
import type { SpotMarket } from '../core/ports.ts';
import type { SpotPrice } from '../core/rank-pools.ts';

interface PricePoint extends SpotPrice {
  readonly at: number;
}

/** A row that names no pool or no price is none. */
function toPricePoint(row: RawRow): PricePoint | undefined {
  const { AvailabilityZoneId: azId, InstanceType: instanceType } = row;
  const usdPerHour = Number(row.SpotPrice);
  if (!azId || !instanceType || !(usdPerHour > 0)) return undefined;
  return { azId, instanceType, usdPerHour, at: row.Timestamp?.getTime() ?? 0 };
}

/** The latest point of each type and zone. */
function keepLatest(points: readonly PricePoint[]): readonly SpotPrice[] {
  const latest = new Map<string, PricePoint>();
  for (const point of points.toSorted((a, b) => a.at - b.at)) latest.set(`${point.azId} ${point.instanceType}`, point);
  return [...latest.values()].map(({ azId, instanceType, usdPerHour }) => ({ azId, instanceType, usdPerHour }));
}

/** DescribeSpotPriceHistory from now on gives the last change before now: the price in force, one row per type and zone. */
export function makeEc2SpotMarket(client: EC2Client, now: () => number): SpotMarket {
  return {
    currentPrices: async (instanceTypes) => {
      const request = {
        InstanceTypes: instanceTypes.map((name) => name as _InstanceType),
        ProductDescriptions: ['Linux/UNIX'],
        StartTime: new Date(now()),
      };
      const points: PricePoint[] = [];
      for await (const page of paginateDescribeSpotPriceHistory({ client }, request)) {
        points.push(...(page.SpotPriceHistory ?? []).flatMap((row) => toPricePoint(row) ?? []));
      }
      return keepLatest(points);
    },
  };
}
