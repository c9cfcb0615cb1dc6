import { createHash } from 'node:crypto';
import { ZONES, type Zone } from './pools.ts';
import { onDemandUsdPerHour, PUBLISHED_PRICES, type PublishedPrice } from './published-prices.ts';

/*
 * The SYNTHETIC market: published prices (`published-prices.ts`) times a seeded walk. Nothing here was ever charged by AWS.
 * Any moment can be asked for without replaying the past: a price is a pure function of (seed, pool, step), and a step
 * lasts six hours, about how often real GPU Spot prices move.
 */
const STEP_MS = 6 * 3_600_000;
const DRIFT_STEPS = 8;
const DRIFT_SHARE = 0.12;
const JITTER_SHARE = 0.02;
/** AWS keeps 90 days of history. */
const HISTORY_MS = 90 * 86_400_000;

export interface PriceChange {
  readonly zone: Zone;
  readonly instanceType: string;
  readonly usdPerHour: number;
  readonly at: Date;
}

export interface PriceQuery {
  readonly from: Date;
  readonly to: Date;
  readonly instanceTypes?: readonly string[];
  readonly zones?: readonly string[];
}

/** Newest first. Like EC2, a query answers also with the change that was in force when it begins. */
export function listPriceChanges(seed: number, query: PriceQuery): readonly PriceChange[] {
  const rows = PUBLISHED_PRICES.filter((row) => isWanted(query.instanceTypes, row.instanceType));
  const zones = ZONES.filter((zone) => isWanted(query.zones, zone.id) || isWanted(query.zones, zone.name));
  return rows
    .flatMap((row) => zones.flatMap((zone) => walk(seed, row, zone, query)))
    .sort((a, b) => b.at.getTime() - a.at.getTime());
}

function walk(seed: number, row: PublishedPrice, zone: Zone, { from, to }: PriceQuery): PriceChange[] {
  const pool = `${seed}/${zone.id}/${row.instanceType}`;
  const offset = Math.floor(((noise(`${pool}/offset`) + 1) / 2) * STEP_MS);
  const first = Math.floor((Math.max(from.getTime(), to.getTime() - HISTORY_MS) - offset) / STEP_MS);
  const last = Math.floor((to.getTime() - offset) / STEP_MS);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => ({
    zone,
    instanceType: row.instanceType,
    usdPerHour: priceAt(pool, row, first + i),
    at: new Date((first + i) * STEP_MS + offset),
  }));
}

function priceAt(pool: string, row: PublishedPrice, step: number): number {
  const zoneFactor = 1.05 + 0.15 * noise(`${pool}/zone`);
  const from = Math.floor(step / DRIFT_STEPS);
  const share = step / DRIFT_STEPS - from;
  const drift = noise(`${pool}/drift/${from}`) * (1 - share) + noise(`${pool}/drift/${from + 1}`) * share;
  const factor = zoneFactor * (1 + DRIFT_SHARE * drift + JITTER_SHARE * noise(`${pool}/jitter/${step}`));
  return Math.min(onDemandUsdPerHour(row.instanceType), row.spotUsdPerHour * factor);
}

/** From -1 to 1, the same for the same key on every machine. */
function noise(key: string): number {
  return createHash('sha256').update(key).digest().readInt32BE(0) / 0x8000_0000;
}

function isWanted(wanted: readonly string[] | undefined, value: string): boolean {
  return !wanted?.length || wanted.includes(value);
}
