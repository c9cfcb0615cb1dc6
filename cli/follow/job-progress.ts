import pMap from 'p-map';
import { parseShard } from '../../functions/core/plan/shard-schema.ts';
import type { Bucket } from '../../functions/core/storage/bucket.ts';
import { findExistingImages } from '../../functions/core/storage/existing-images.ts';
import { imageKey, shardKey } from '../../functions/core/storage/keys.ts';
import type { Moment } from './moments.ts';

/** How far a shard is that is being rendered, or why nobody renders it. */
export interface ShardState {
  readonly shard: number;
  readonly done: number;
  readonly total: number;
  /** Empty: none is picked. */
  readonly pool: string;
  /** Undefined until two images came one after the other. */
  readonly imagesPerSecond?: number;
  readonly secondsLeft?: number;
  /** Why it waits for a pool. */
  readonly wait?: string;
}

interface Shard {
  readonly total: number;
  /** Hashes of what is missing, in the order in which a worker renders. */
  left: readonly string[];
  pool: string;
  wait?: string;
  /** Seconds, and images that were there then; the newest last. */
  seen: readonly { readonly at: number; readonly done: number }[];
}

/** The speed is that of the last minute. */
const windowSeconds = 60;
/** A worker renders in order: more than that do not come between two looks. */
const lookAhead = 16;

/** Follows a job by the workflow's moments and by the images in the bucket, shard by shard. */
export class JobProgress {
  readonly #bucket: Bucket;
  readonly #jobId: string;
  readonly #now: () => number;
  /** Those that are being rendered, or wait for a pool. */
  readonly #shards = new Map<number, Shard>();
  /** Images that were there when a shard was looked at that nobody works on. */
  readonly #there = new Map<number, number>();
  #total = 0;

  /** @param now seconds */
  constructor(bucket: Bucket, jobId: string, now: () => number = () => performance.now() / 1000) {
    this.#bucket = bucket;
    this.#jobId = jobId;
    this.#now = now;
  }

  async note(moment: Moment): Promise<void> {
    if (moment.kind === 'planned') this.#total = moment.plan.shards.reduce((sum, { images }) => sum + images, 0);
    if (moment.kind === 'found') this.#there.set(moment.shard, moment.images - moment.missing);
    if (moment.kind === 'picked') await this.#begin(moment.shard, moment.pick.pool);
    if (moment.kind !== 'settled') return;
    const shard = this.#shards.get(moment.shard);
    if (!shard) return;
    const { action, reason } = moment.step;
    const goesOn = action === 'wait' || action === 'sideways' || action === 'up';
    const wait = action === 'wait' ? reason : 'another one is tried';
    if (goesOn) Object.assign(shard, { pool: '', wait, seen: [] });
    else await this.#end(moment.shard, shard);
  }

  /** Of the shards that are neither done nor given up, by their number. */
  async look(): Promise<readonly ShardState[]> {
    const shards = [...this.#shards].toSorted(([one], [other]) => one - other);
    await pMap(shards, ([, shard]) => this.#count(shard), { concurrency: 4 });
    return shards.map(([number, shard]) => toState(number, shard));
  }

  /** Images of the whole job as the last look found them; none before there is a plan. */
  get images(): { readonly done: number; readonly total: number } {
    const atWork = [...this.#shards.values()].map(({ total, left }) => total - left.length);
    const others = [...this.#there].filter(([number]) => !this.#shards.has(number)).map(([, there]) => there);
    return { done: [...atWork, ...others].reduce((sum, there) => sum + there, 0), total: this.#total };
  }

  async #begin(number: number, pool: string): Promise<void> {
    const text = await this.#bucket.read(shardKey(this.#jobId, number));
    if (text === undefined) return;
    const hashes = parseShard(text).images.map(({ hash }) => hash);
    const before = this.#shards.get(number)?.left ?? hashes;
    this.#shards.set(number, { total: hashes.length, left: before, pool, seen: [] });
  }

  /** What a worker did last, out of order too, belongs on the bar. */
  async #end(number: number, { total, left }: Shard): Promise<void> {
    const there = await findExistingImages(this.#bucket, left);
    this.#shards.delete(number);
    this.#there.set(number, total - left.length + there.size);
  }

  async #count(shard: Shard): Promise<void> {
    if (!shard.pool) return;
    for (let found = lookAhead; found === lookAhead; ) {
      const next = shard.left.slice(0, lookAhead);
      const there = await pMap(next, (hash) => this.#bucket.exists(imageKey(hash)), { concurrency: lookAhead });
      found = there.filter(Boolean).length;
      shard.left = [...next.filter((_, index) => !there[index]), ...shard.left.slice(lookAhead)];
    }
    const [at, done] = [this.#now(), shard.total - shard.left.length];
    if (shard.seen.at(-1)?.done === done) return;
    shard.seen = [...shard.seen.filter((look) => at - look.at <= windowSeconds), { at, done }];
  }
}

function toState(shard: number, { total, left, pool, wait, seen }: Shard): ShardState {
  const done = total - left.length;
  // What is there at the first look came before.
  const [first, last] = [seen[1], seen.at(-1)];
  const seconds = first && last ? last.at - first.at : 0;
  const imagesPerSecond = first && last && seconds > 0 ? (last.done - first.done) / seconds : undefined;
  return {
    shard,
    done,
    total,
    pool,
    ...(imagesPerSecond ? { imagesPerSecond, secondsLeft: left.length / imagesPerSecond } : {}),
    ...(wait && !pool ? { wait } : {}),
  };
}
