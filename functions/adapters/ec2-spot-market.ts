import {
  type _InstanceType,
  type EC2Client,
  paginateDescribeSpotPriceHistory,
  type SpotPrice as RawRow,
} from '@aws-sdk/client-ec2';
import type { SpotPrice } from '../core/market/outlook.ts';
import type { PriceChange, PriceHistory, SpotMarket } from '../core/market/ports.ts';
import { readUsd } from '../core/usd.ts';

/** As far as a clock may be off before AWS refuses its signature: what we ask for is never in AWS's future. */
const skewMs = 5 * 60_000;

/** A row that names no pool or no price is none. */
function toPriceChange(row: RawRow): PriceChange | undefined {
  const { AvailabilityZoneId: azId, InstanceType: instanceType } = row;
  const usdPerHour = readUsd(row.SpotPrice);
  if (!azId || !instanceType || !usdPerHour) return undefined;
  return { azId, instanceType, usdPerHour, at: row.Timestamp?.getTime() ?? 0 };
}

/** The latest point of each type and zone. */
function keepLatest(points: readonly PriceChange[]): readonly SpotPrice[] {
  const latest = new Map<string, PriceChange>();
  for (const point of points.toSorted((a, b) => a.at - b.at)) latest.set(`${point.azId} ${point.instanceType}`, point);
  return [...latest.values()].map(({ azId, instanceType, usdPerHour }) => ({ azId, instanceType, usdPerHour }));
}

async function readChanges(client: EC2Client, instanceTypes: readonly string[], StartTime: Date) {
  const request = {
    InstanceTypes: instanceTypes.map((name) => name as _InstanceType),
    ProductDescriptions: ['Linux/UNIX'],
    StartTime,
  };
  const changes: PriceChange[] = [];
  for await (const page of paginateDescribeSpotPriceHistory({ client }, request)) {
    changes.push(...(page.SpotPriceHistory ?? []).flatMap((row) => toPriceChange(row) ?? []));
  }
  return changes;
}

/**
 * DescribeSpotPriceHistory from a time on gives the last change before it and those after it: the price in force, and with
 * five minutes a change or two, of which the latest counts.
 */
export function makeEc2SpotMarket(client: EC2Client, now: () => number): SpotMarket {
  return {
    currentPrices: async (instanceTypes) =>
      keepLatest(await readChanges(client, instanceTypes, new Date(now() - skewMs))),
  };
}

/** The same call for days: pages of a thousand changes. */
export function makeEc2PriceHistory(client: EC2Client): PriceHistory {
  return { changes: (instanceTypes, from) => readChanges(client, instanceTypes, from) };
}
