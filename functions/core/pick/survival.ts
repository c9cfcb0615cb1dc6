import type { PoolRecord } from '../learn/learned.ts';
import type { AdvisorBand, Outlook } from '../market/outlook.ts';
import { type Pool, poolId } from '../market/pools.ts';
import type { Evidence } from '../market/throughput.ts';

export interface Survival {
  /** How often EC2 takes an instance of this pool back, per hour that it runs. */
  readonly lossesPerHour: number;
  readonly evidence: Evidence;
}

/**
 * Where nothing is known: a loss every 3.3 hours. Measured: GPU availability recorded every few minutes in five zones
 * (V100, 2023, SkyPilot) lost an instance 0.10, 0.15, 0.16, 0.67 and 1.39 times per hour that it could be had; this is
 * their geometric mean.
 */
export const assumedLossesPerHour = 0.3;

/** The share of a month's instances that AWS took back: the middle of each band; the open one counts as 25 %. */
const monthlyShare: Readonly<Record<AdvisorBand['band'], number>> = { 0: 0.025, 1: 0.075, 2: 0.125, 3: 0.175, 4: 0.25 };

/** The hazard of a share p of instances lost in a month. */
const hazard = (share: number) => -Math.log(1 - share);

/**
 * The bands order the types and say nothing of the level: 12.5 % in 730 hours would be a loss every 5,500 hours, and the
 * recorded zones lost one in 0.7 to 10. (AWS counts instances, most of which their owners end after minutes.) So the
 * middle band stands for what we assume, and the others in proportion: 0.06 to 0.65 per hour, as wide as was recorded.
 */
const ofBand = (band: AdvisorBand['band']) =>
  (assumedLossesPerHour * hazard(monthlyShare[band])) / hazard(monthlyShare[2]);

/** What was believed before weighs as much as this many hours of watching. */
const priorHours = 5;

const isCount = (value: number) => Number.isFinite(value) && value >= 0;

function believed(pool: Pool, advisor: readonly AdvisorBand[]): Survival {
  const band = advisor.find((row) => row.instanceType === pool.instanceType)?.band;
  if (band === undefined || !(band in monthlyShare))
    return { lossesPerHour: assumedLossesPerHour, evidence: 'assumed' };
  return { lossesPerHour: ofBand(band), evidence: 'published' };
}

const watched = (record: PoolRecord | undefined): record is PoolRecord =>
  record !== undefined && isCount(record.hours) && isCount(record.losses) && record.hours + record.losses > 0;

/** (losses + prior losses) / (hours + prior hours): the ledger's counts over AWS's band over what we assume. */
export function findSurvival(pool: Pool, outlook: Pick<Outlook, 'records' | 'advisor'>): Survival {
  // AWS never takes an on-demand instance back.
  if (pool.market === 'on-demand') return { lossesPerHour: 0, evidence: 'published' };
  const prior = believed(pool, outlook.advisor);
  const record = outlook.records.find((row) => row.pool === poolId(pool));
  if (!watched(record)) return prior;
  const losses = record.losses + prior.lossesPerHour * priorHours;
  return { lossesPerHour: losses / (record.hours + priorHours), evidence: 'measured' };
}

/** The share of tries that the pool refuses; one success is believed before. */
export function refusalChance(pool: Pool, records: readonly PoolRecord[]): number {
  const record = records.find((row) => row.pool === poolId(pool));
  if (!record || !isCount(record.refusals) || !isCount(record.successes)) return 0;
  return record.refusals / (record.refusals + record.successes + 1);
}

/** The least number of events that nine of ten cases do not pass, where `expected` are expected (Poisson). */
export function nineOfTen(expected: number): number {
  // Far out the distribution is a bell: mean + 1.28 standard deviations.
  if (expected > 50) return Math.ceil(expected + 1.2816 * Math.sqrt(expected));
  let count = 0;
  let term = Math.exp(-expected);
  for (let sum = term; sum < 0.9; sum += term) {
    count += 1;
    term *= expected / count;
  }
  return count;
}
