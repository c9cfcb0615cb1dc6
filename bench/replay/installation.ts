import { learnPool, type PoolMemory, toPoolRecord } from '../../functions/core/learn/learn.ts';
import type { Lesson } from '../../functions/core/learn/lesson.ts';
import type { ClosedPool } from '../../functions/core/market/closed-pool.ts';
import { emptyOutlook, type Outlook } from '../../functions/core/market/outlook.ts';
import { type Pool, poolId } from '../../functions/core/market/pools.ts';
import { idleSeconds } from '../../functions/core/slots/slots.ts';
import { onDemand, type Place, type Situation, type Terms } from './policy.ts';
import { learned } from './reference.ts';

/** Second 0 of the recordings of 2023. */
export const epoch = Date.parse('2023-02-15T00:00:00Z');
export const toMs = (seconds: number) => epoch + seconds * 1000;

export const poolOf = (place: Place, { type }: Terms): Pool =>
  place === onDemand
    ? { azId: 'any', instanceType: type.name, market: 'on-demand' }
    : { azId: place, instanceType: type.name, market: 'spot' };

/** Part of a changeover that the worker spends on its weights; the rest is boot and image pull. */
export const loadShare = 0.2;

/** What one installation remembers of all its jobs: the product's own ledger code, without its table. */
export class Installation {
  private readonly memories = new Map<string, PoolMemory>();
  private closed: readonly ClosedPool[] = [];
  private lessons = 0;
  private readonly terms: Terms;
  private readonly closedSeconds: number;

  /** @param closedSeconds how long a pool that refused stays closed for every job */
  constructor(terms: Terms, closedSeconds: number) {
    this.terms = terms;
    this.closedSeconds = closedSeconds;
  }

  /** @param seconds when it ended */
  learn(place: Place, seconds: number, lesson: Pick<Lesson, 'end' | 'hours'>): void {
    const pool = poolId(poolOf(place, this.terms));
    const jobName = `replay-${this.lessons++}`;
    const bootSeconds = lesson.end === 'refusal' ? undefined : this.terms.changeoverSeconds * (1 - loadShare);
    const whole = { ...lesson, jobId: 'replay', jobName, pool, at: toMs(seconds), bootSeconds, speeds: [] };
    this.memories.set(pool, learnPool(this.memories.get(pool), whole));
  }

  refuse(place: Place, seconds: number): void {
    this.learn(place, seconds, { end: 'refusal', hours: 0 });
    const until = new Date(toMs(seconds + this.closedSeconds)).toISOString();
    this.closed = [...this.closed, { pool: poolId(poolOf(place, this.terms)), until }];
  }

  /** On demand the instance is still there when the next shard asks. */
  private idle({ running }: Situation): Outlook['idle'] {
    return running === onDemand ? [{ pool: poolId(poolOf(onDemand, this.terms)), secondsLeft: idleSeconds }] : [];
  }

  /** All that is known at this tick: prices of the tick, and what attempts that are over have taught. */
  outlook(situation: Situation): Outlook {
    const { zones, changeoverSeconds, type, imagesPerSecond } = this.terms;
    const now = toMs(situation.now);
    this.closed = this.closed.filter(({ until }) => Date.parse(until) > now);
    return {
      ...emptyOutlook,
      types: [type],
      spotPrices: zones.flatMap(({ name }) => {
        const usdPerHour = situation.usdPerHour(name);
        return usdPerHour === undefined ? [] : [{ azId: name, instanceType: type.name, usdPerHour }];
      }),
      onDemandPrices: [{ instanceType: type.name, usdPerHour: situation.usdPerHour(onDemand) ?? 0 }],
      speeds: [learned(type.name, imagesPerSecond, changeoverSeconds * loadShare)],
      records: [...this.memories.values()].map((memory) => toPoolRecord(memory, now)),
      idle: this.idle(situation),
      closedForAll: this.closed,
    };
  }
}
