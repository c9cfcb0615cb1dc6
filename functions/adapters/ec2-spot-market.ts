import {
  type _InstanceType,
  type EC2Client,
  paginateDescribeSpotPriceHistory,
  type SpotPrice as RawRow,
} from '@aws-sdk/client-ec2';
import type { SpotMarket } from '../core/ports.ts';
import type { SpotPrice } from '../core/rank-pools.ts';
import { readUsd } from '../core/usd.ts';

/** As far as a clock may be off before AWS refuses its signature: what we ask for is never in AWS's future. */
const skewMs = 5 * 60_000;

interface PricePoint extends SpotPrice {
  readonly at: number;
}

/** A row that names no pool or no price is none. */
function toPricePoint(row: RawRow): PricePoint | undefined {
  const { AvailabilityZoneId: azId, InstanceType: instanceType } = row;
  const usdPerHour = readUsd(row.SpotPrice);
  if (!azId || !instanceType || !usdPerHour) return undefined;
  return { azId, instanceType, usdPerHour, at: row.Timestamp?.getTime() ?? 0 };
}

/** The latest point of each type and zone. */
function keepLatest(points: readonly PricePoint[]): readonly SpotPrice[] {
  const latest = new Map<string, PricePoint>();
  for (const point of points.toSorted((a, b) => a.at - b.at)) latest.set(`${point.azId} ${point.instanceType}`, point);
  return [...latest.values()].map(({ azId, instanceType, usdPerHour }) => ({ azId, instanceType, usdPerHour }));
}

/**
 * DescribeSpotPriceHistory from a time on gives the last change before it and those after it: the price in force, and with
 * five minutes a change or two, of which the latest counts.
 */
export function makeEc2SpotMarket(client: EC2Client, now: () => number): SpotMarket {
  return {
    currentPrices: async (instanceTypes) => {
      const request = {
        InstanceTypes: instanceTypes.map((name) => name as _InstanceType),
        ProductDescriptions: ['Linux/UNIX'],
        StartTime: new Date(now() - skewMs),
      };
      const points: PricePoint[] = [];
      for await (const page of paginateDescribeSpotPriceHistory({ client }, request)) {
        points.push(...(page.SpotPriceHistory ?? []).flatMap((row) => toPricePoint(row) ?? []));
      }
      return keepLatest(points);
    },
  };
}
