import type { AttemptRecord } from '../settle/attempt-record.ts';
import type { Settlement } from '../settle/settlement.ts';
import { attemptKeyOf } from '../storage/keys.ts';
import { roundUsd } from '../usd.ts';
import { apportionUsd, toCents } from './apportion.ts';

/** What an attempt cost, as the receipt says it: the lines add up to its total. */
export interface ReceiptLine extends Omit<Settlement, 'ranked'> {
  /** Absent: written by an older version. */
  readonly cents?: number;
  /** Of its cost, what bought no picture; 0 of an attempt that ended well. Absent: not known, it made pictures and left no record of their times. */
  readonly wasteUsd?: number;
  /** What the worker's seconds went to; absent: it left no record. */
  readonly phases?: AttemptRecord['phases'];
  /** Of its pool; absent: written by an older version. */
  readonly instanceType?: string;
  readonly azId?: string;
  readonly gpu?: string;
  /** Prices that later choices saw in its pool while it ran, USD per hour; absent: nobody looked. */
  readonly usdPerHourLater?: readonly number[];
}

/** What attempts cost that had an instance and did not end well. */
export interface LostTotals {
  readonly attempts: number;
  /** Beside them: attempts that never had an instance, which cost nothing. */
  readonly withoutInstance: number;
  readonly usd: number;
  /** Of it, what is known to have bought no picture. */
  readonly wasteUsd: number;
  /** Attempts that AWS is expected not to bill: taken back in their instance's first hour. */
  readonly unbilled: number;
  /** What their instances would have cost; volume and address are billed all the same. */
  readonly unbilledUsd: number;
}

const sumOf = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0);

const secondsOnInstance = ({ seconds, startSeconds, idleSeconds = 0 }: Omit<Settlement, 'ranked'>) =>
  seconds + startSeconds + idleSeconds;

/** A reservation that was spent whole has a cost and no seconds. */
const hadInstance = (line: Omit<Settlement, 'ranked'>) => secondsOnInstance(line) > 0 || line.usd > 0;

const isLost = ({ outcome }: Pick<Settlement, 'outcome'>) => outcome !== 'Succeeded';

/** The share of a lost attempt in which it made no picture; undefined where it made some and left no record of their times. */
function wasteShare(
  settlement: Settlement,
  record: AttemptRecord | undefined,
  unrecorded: ReadonlySet<string>,
): number | undefined {
  if (!isLost(settlement)) return 0;
  if (!record && unrecorded.has(attemptKeyOf(settlement))) return undefined;
  const useful = sumOf((record?.images ?? []).map(({ seconds }) => seconds));
  const all = secondsOnInstance(settlement);
  return all > 0 ? Math.max(0, 1 - useful / all) : 1;
}

/** Each choice looks at all prices: what it saw of a pool in which another attempt ran. */
function pricesWhileRunning(settlement: Settlement, all: readonly Settlement[]): readonly number[] | undefined {
  const { pool, startedAt, stoppedAt } = settlement;
  if (!startedAt || !stoppedAt) return undefined;
  const seen = all
    .filter(({ createdAt = '' }) => createdAt > startedAt && createdAt < stoppedAt)
    .flatMap(({ ranked = [] }) => ranked.filter((row) => row.pool === pool).map(({ usdPerHour }) => usdPerHour));
  return seen.length ? seen : undefined;
}

interface Around {
  readonly records: readonly AttemptRecord[];
  /** Of all attempts together. */
  readonly usd: number;
  /** Pictures of which no record tells, by hash, with the attempt that made them. */
  readonly unrecorded: ReadonlyMap<string, Settlement>;
}

export function toReceiptLines(
  settlements: readonly Settlement[],
  { records, usd, unrecorded }: Around,
): readonly ReceiptLine[] {
  const recordOf = new Map(records.map((record) => [attemptKeyOf(record), record]));
  const withUnrecorded = new Set([...unrecorded.values()].map(attemptKeyOf));
  const shares = apportionUsd(
    settlements.map((settlement) => settlement.usd),
    usd,
  );
  return settlements.map((settlement, index) => {
    const { ranked, ...rest } = settlement;
    const record = recordOf.get(attemptKeyOf(settlement));
    const paid = shares[index] ?? 0;
    const [azId, instanceType] = settlement.pool.split('/');
    const wasted = wasteShare(settlement, record, withUnrecorded);
    return {
      ...rest,
      usd: paid,
      cents: toCents(paid),
      wasteUsd: wasted === undefined ? undefined : roundUsd(paid * wasted),
      phases: record?.phases,
      instanceType,
      azId,
      gpu: record?.device || ranked?.find(({ pool }) => pool === settlement.pool)?.gpu,
      usdPerHourLater: pricesWhileRunning(settlement, settlements),
    };
  });
}

export function toLostTotals(lines: readonly ReceiptLine[]): LostTotals {
  const unfinished = lines.filter(isLost);
  const lost = unfinished.filter(hadInstance);
  const unbilled = lost.filter((line) => !line.billed);
  return {
    attempts: lost.length,
    withoutInstance: unfinished.length - lost.length,
    usd: roundUsd(sumOf(lost.map((line) => line.usd))),
    wasteUsd: roundUsd(sumOf(lost.map((line) => line.wasteUsd ?? 0))),
    unbilled: unbilled.length,
    unbilledUsd: roundUsd(sumOf(unbilled.map((line) => (line.usdPerHour * secondsOnInstance(line)) / 3600))),
  };
}
