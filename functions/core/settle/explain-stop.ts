import { toLine } from '../cause.ts';
import type { Settlement } from './settlement.ts';

/** One attempt of a shard, as its end tells it. */
export type TriedPool = Pick<Settlement, 'pool' | 'outcome' | 'endedAt'>;

/**
 * Characters of a stopped shard's cause. 200 shards that all stop are 180 kB of the 256 KiB of a state; a Fail state takes 32,768
 * characters.
 */
const longestStop = 900;
/** Of these, what AWS or a refusal said; the rest is for the list. */
const longestWhy = 500;

/** `2026-11-23T22:10Z` */
const minuteOf = (iso: string) => `${iso.slice(0, 16)}Z`;

function spanOf(ends: readonly TriedPool[]): string {
  const times = ends.flatMap(({ endedAt }) => endedAt ?? []).toSorted();
  const [first, last] = [times[0], times.at(-1)];
  if (!first || !last) return '';
  return minuteOf(first) === minuteOf(last) ? ` ${minuteOf(first)}` : ` ${minuteOf(first)} to ${minuteOf(last)}`;
}

/** `use1-az1/g6.xlarge/spot: 3x NoSpotCapacity 2026-11-23T22:10Z to 2026-11-24T01:02Z`, each pool and outcome once. */
function listTried(tried: readonly TriedPool[]): readonly string[] {
  const groups = Map.groupBy(tried, ({ pool, outcome }) => `${pool}: ${outcome}`);
  return [...groups.values()].map((ends) => {
    const { pool, outcome } = ends[0] ?? {};
    return `${pool}: ${ends.length > 1 ? `${ends.length}x ` : ''}${outcome}${spanOf(ends)}`;
  });
}

/** As many entries as fit; what does not is counted. */
function cutList(entries: readonly string[], room: number): string {
  for (let shown = entries.length; shown > 0; shown -= 1) {
    const more = entries.length - shown;
    const rest = more ? `; and ${more} more in the receipt` : '';
    const text = `${entries.slice(0, shown).join('; ')}${rest}`;
    if (text.length <= room) return text;
  }
  return `${entries.length} in the receipt`;
}

export interface StopFacts {
  /** `readyBy` where it has passed: nothing is waited for any more. */
  readonly late?: string;
  /** The job has used up the events that Step Functions allows an execution. */
  readonly isSpent?: boolean;
}

const spent = 'Its execution has no events left to try again: send the requeue file.';

/**
 * Why a shard stops: what was said last, and what was tried, when, with which end. In full it stands in the receipt's attempts.
 * @param tried every attempt of the shard that did not deliver, in order
 */
export function explainStop(why: string, tried: readonly TriedPool[], { late, isSpent }: StopFacts = {}): string {
  const passed = late ? `\`readyBy\` ${minuteOf(late)} has passed: it waits no longer.` : '';
  const said = [toLine(why, longestWhy), passed, isSpent ? spent : ''].filter(Boolean).join(' ');
  if (!tried.length) return said;
  const head = `${said}${/[.!?]$/.test(said) ? '' : '.'} Tried: `;
  return `${head}${cutList(listTried(tried), longestStop - head.length - 1)}.`;
}
