import { duration } from '../duration.ts';
import type { Pause } from '../shard/pause.ts';
import type { AttemptView, Stage } from './describe-attempt.ts';

/** What a running job does, counted and in one sentence. */
export interface JobView {
  readonly rendering: number;
  readonly waiting: number;
  /** Of the waiting: for a reason that we do not know. */
  readonly unknown: number;
  /** Why it waits; absent: nothing of it waits. */
  readonly sentence?: string;
}

interface Waiting {
  readonly stage: Stage | 'pause';
  readonly sentence: string;
  readonly seconds: number;
}

/** What a person can do something about comes first. */
const order: readonly Waiting['stage'][] = [
  'quota-zero',
  'misconfiguration',
  'unknown',
  'undetermined',
  'capacity',
  'pause',
  'quota-full',
  'scaling',
  'pulling',
  'loading',
  'submitted',
];

const shards = (count: number) => (count === 1 ? '1 shard waits' : `${count} shards wait`);

/** A shard that waits looks again at the end of its pause. */
function toWaiting(pause: Pause, now: number): readonly Waiting[] {
  const until = Date.parse(pause.from) + pause.seconds * 1000;
  if (until <= now) return [];
  const seconds = Math.max(0, (now - Date.parse(pause.from)) / 1000);
  const sentence = `${pause.reason.replace(/\.$/, '')}; it looks again in ${duration((until - now) / 1000)}`;
  return [{ stage: 'pause', sentence, seconds }];
}

function toSentence(waiting: readonly Waiting[]): string | undefined {
  const groups = [...Map.groupBy(waiting, ({ stage }) => stage)].toSorted(
    ([a], [b]) => order.indexOf(a) - order.indexOf(b),
  );
  const [first, ...rest] = groups;
  if (!first) return undefined;
  const [longest] = first[1].toSorted((a, b) => b.seconds - a.seconds);
  if (!longest) return undefined;
  const others = rest.reduce((sum, [, group]) => sum + group.length, 0);
  const more = others ? `. ${others} more for other reasons (${rest.map(([stage]) => stage).join(', ')})` : '';
  return `${shards(first[1].length)} ${duration(longest.seconds)}: ${longest.sentence}${more}`;
}

/** A pool that had no capacity for an attempt that is over. */
export interface Refusal {
  readonly pool: string;
  /** ISO time */
  readonly endedAt?: string;
}

/** As many are named. */
const mostNamed = 3;

/** `2 pools had no capacity since 13:23Z: a, b`; empty without one. */
function describeRefusals(refusals: readonly Refusal[]): string {
  const pools = [...new Set(refusals.map(({ pool }) => pool))];
  if (!pools.length) return '';
  const first = refusals.flatMap(({ endedAt }) => endedAt ?? []).toSorted()[0];
  const since = first ? ` since ${first.slice(11, 16)}Z` : '';
  const more = pools.length > mostNamed ? ` and ${pools.length - mostNamed} more` : '';
  const named = pools.slice(0, mostNamed).join(', ');
  return `. No capacity so far${since}: ${named}${more}`;
}

/**
 * @param attempts those that are not settled
 * @param pauses of shards that wait; those that are over say nothing
 * @param refusals pools without capacity, of attempts before
 * @param now milliseconds since the epoch
 */
export function describeJob(
  attempts: readonly AttemptView[],
  { pauses, refusals }: { readonly pauses: readonly Pause[]; readonly refusals: readonly Refusal[] },
  now: number,
): JobView {
  const waiting: readonly Waiting[] = [
    ...attempts.filter(({ waits }) => waits),
    ...pauses.flatMap((pause) => toWaiting(pause, now)),
  ];
  const sentence = toSentence(waiting);
  return {
    rendering: attempts.filter(({ stage }) => stage === 'rendering').length,
    waiting: waiting.length,
    unknown: waiting.filter(({ stage }) => stage === 'unknown' || stage === 'undetermined').length,
    ...(sentence === undefined ? {} : { sentence: `${sentence}${describeRefusals(refusals)}` }),
  };
}
