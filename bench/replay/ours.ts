import { type ErrorName, NoSpotCapacity } from '../../functions/core/errors.ts';
import type { Job } from '../../functions/core/input/job.ts';
import { poolId } from '../../functions/core/market/pools.ts';
import { pickPool } from '../../functions/core/pick/pick-pool.ts';
import { type Tried, untried } from '../../functions/core/shard/attempt.ts';
import { nextStep } from '../../functions/core/shard/next-step.ts';
import { Installation, poolOf, toMs } from './installation.ts';
import type { AttemptOutcome, Decider, Move, Place, Policy, Situation, Terms } from './policy.ts';
import { keep, onDemand, start, wait } from './policy.ts';
import { makeRandom } from './random.ts';
import { recipe, workOf } from './reference.ts';

/** A shard's memory of what it tried ends with the shard, and on demand Spot is asked again with the next one. */
const shardSeconds = 900;

const jobOf = ({ now, untilDeadline }: Situation): Job => ({
  jobId: 'replay',
  startedAt: new Date(toMs(0)).toISOString(),
  mode: 'run',
  images: 1,
  duplicates: 0,
  models: [recipe.model],
  onDemand: 'fallback',
  readyBy: new Date(toMs(now + untilDeadline)).toISOString(),
  sameGpu: false,
  notify: 'never',
});

/** One job of the product, a row of shards one after the other: `pickPool` and `nextStep` decide. */
class OurJob implements Decider {
  private tried: Tried = untried;
  private attempt = 0;
  private onDemandUntil = 0;
  private looksAt = 0;
  private shardEnds = Number.POSITIVE_INFINITY;
  private readonly terms: Terms;
  private readonly installation: Installation;
  private readonly random: () => number;

  constructor(terms: Terms, installation: Installation, random: () => number) {
    this.terms = terms;
    this.installation = installation;
    this.random = random;
  }

  ended({ place, seconds, startedAt, end }: AttemptOutcome): void {
    const hours = seconds / 3600;
    this.installation.learn(place, startedAt + seconds, { end: end === 'lost' ? 'loss' : 'success', hours });
  }

  decide(situation: Situation): Move {
    const { running, lost, now } = situation;
    this.turnShard(situation);
    if (lost !== undefined) this.step('SpotInterrupted', lost);
    if (running === onDemand ? now < this.onDemandUntil : running !== undefined) return keep;
    return now < this.looksAt ? wait : this.pick(situation);
  }

  private turnShard({ workSeconds }: Situation): void {
    if (workSeconds >= this.shardEnds) return;
    this.shardEnds = workSeconds - shardSeconds;
    this.tried = untried;
  }

  /** The best pool that grants an instance: each refusal excludes a pool and is remembered. */
  private pick(situation: Situation): Move {
    for (;;) {
      const place = this.pickPlace(situation);
      if (place === undefined) {
        this.looksAt = situation.now + this.step('NoSpotCapacity').waitSeconds;
        return wait;
      }
      if (place === onDemand) return this.goOnDemand(situation);
      if (situation.ask(place)) return start(place);
      this.installation.refuse(place, situation.now);
      this.step('NoSpotCapacity', place);
    }
  }

  private goOnDemand({ now, running }: Situation): Move {
    this.onDemandUntil = now + (running === onDemand ? 0 : this.terms.changeoverSeconds) + shardSeconds;
    this.tried = untried;
    return running === onDemand ? keep : start(onDemand);
  }

  private pickPlace(situation: Situation): Place | undefined {
    const { terms, tried } = this;
    const work = workOf(Math.max(1, Math.ceil(situation.workSeconds * terms.imagesPerSecond)));
    const outlook = this.installation.outlook(situation);
    const places = [...terms.zones.map(({ name }) => name), onDemand];
    const request = { shard: 0, attempt: ++this.attempt, work, tried, outlook, now: toMs(situation.now) };
    try {
      const { pool } = pickPool(
        { ...request, job: jobOf(situation) },
        places.map((place) => poolOf(place, terms)),
      );
      return places.find((place) => poolId(poolOf(place, terms)) === pool);
    } catch (error) {
      if (error instanceof NoSpotCapacity) return undefined;
      throw error;
    }
  }

  private step(outcome: ErrorName, place?: Place) {
    const pool = place && poolId(poolOf(place, this.terms));
    const next = nextStep({ outcome, reason: '' }, this.tried, { pool, jitter: this.random(), events: 'plenty' });
    if (next.action === 'stop') throw new Error(`Expected the shard to go on after ${outcome}`);
    this.tried = next.tried;
    return next;
  }
}

/**
 * In the product a refusal takes Batch ten minutes, and the pool is closed for all for ten more. Here a refusal comes
 * within the tick and stands for both: the pool is closed until the next.
 */
export function ours(terms: Terms, options: { name?: string; closedSeconds?: number } = {}): Policy {
  const { name = 'ours', closedSeconds = terms.gapSeconds } = options;
  const installation = new Installation(terms, closedSeconds);
  return { name, startJob: (index) => new OurJob(terms, installation, makeRandom(index)) };
}

/** The same with a ledger that forgets: each job is the first of its installation. */
export const oursWithoutLedger = (terms: Terms): Policy => ({
  name: 'ours, empty ledger',
  startJob: (index) => new OurJob(terms, new Installation(terms, terms.gapSeconds), makeRandom(index)),
});
