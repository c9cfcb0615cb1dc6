/**
 * A rehearsal of what Spot does to a job. Each event happens once (`capacity` as often as `times` says), to the first
 * attempt that fits: `attempt` is the attempt number of the shard, any if left out; `afterImages` counts the images that
 * this attempt has put into the bucket, 0 means as soon as the worker runs; `afterSeconds`, beside it, the seconds that
 * the worker has run.
 */
export type DrillEvent =
  /** The notice appears in IMDS, and the host dies at the announced time. AWS gives 120 s; the default here is 30. */
  | {
      readonly kind: 'interrupt';
      readonly afterImages: number;
      readonly afterSeconds?: number;
      readonly attempt?: number;
      readonly noticeSeconds?: number;
    }
  /** The host is gone without a word; `starting`: before the container begins. */
  | {
      readonly kind: 'lose';
      readonly afterImages: number;
      readonly afterSeconds?: number;
      readonly attempt?: number;
      readonly starting?: true;
    }
  /** The worker alone is killed, as by `kill -9`. */
  | { readonly kind: 'kill'; readonly afterImages: number; readonly afterSeconds?: number; readonly attempt?: number }
  /** No capacity in a pool: a pool id, an AZ id, or `*`. */
  | { readonly kind: 'capacity'; readonly pool: string; readonly times?: number }
  /** The container ends with this code before the worker begins. */
  | { readonly kind: 'fault'; readonly exitCode: number; readonly attempt?: number }
  /** The container takes this long to begin, as behind a large image or a slow registry; 20 s unless given. */
  | { readonly kind: 'slowStart'; readonly seconds?: number; readonly attempt?: number };

export type LossEvent = Extract<DrillEvent, { readonly afterImages: number }>;

type EarlyLoss = Extract<DrillEvent, { readonly kind: 'lose' }>;

const SLOW_START_SECONDS = 20;

/** How far the worker of an attempt is. */
export interface Progress {
  readonly images: number;
  readonly seconds: number;
}

export interface Drill {
  /** True when this job is to find no capacity. */
  takeCapacity(poolId: string): boolean;
  takeFault(attempt: number): number | undefined;
  /** Seconds until the container begins. */
  takeSlowStart(attempt: number): number | undefined;
  /** True when the host goes before the container begins. */
  takeEarlyLoss(attempt: number): boolean;
  takeLoss(attempt: number, progress: Progress): LossEvent | undefined;
}

/** @param onTaken is told of each event when it happens */
export function makeDrill(events: readonly DrillEvent[], onTaken: (event: DrillEvent) => void = () => {}): Drill {
  const left = events.map((event) => ({ event, times: event.kind === 'capacity' ? (event.times ?? 1) : 1 }));
  const take = <E extends DrillEvent>(choose: (event: DrillEvent) => E | undefined): E | undefined => {
    for (const entry of left) {
      const chosen = entry.times > 0 ? choose(entry.event) : undefined;
      if (!chosen) continue;
      entry.times -= 1;
      onTaken(chosen);
      return chosen;
    }
    return undefined;
  };
  const isDue = (event: { readonly attempt?: number }, attempt: number) => (event.attempt ?? attempt) === attempt;
  return {
    takeCapacity: (poolId) =>
      take((event) => (event.kind === 'capacity' && isPoolOf(event.pool, poolId) ? event : undefined)) !== undefined,
    takeFault: (attempt) =>
      take((event) => (event.kind === 'fault' && isDue(event, attempt) ? event : undefined))?.exitCode,
    takeSlowStart: (attempt) => {
      const taken = take((event) => (event.kind === 'slowStart' && isDue(event, attempt) ? event : undefined));
      return taken && (taken.seconds ?? SLOW_START_SECONDS);
    },
    takeEarlyLoss: (attempt) =>
      take((event) => (isEarly(event) && isDue(event, attempt) ? event : undefined)) !== undefined,
    takeLoss: (attempt, { images, seconds }) =>
      take((event) => {
        if (!('afterImages' in event) || isEarly(event) || !isDue(event, attempt)) return undefined;
        return images >= event.afterImages && seconds >= (event.afterSeconds ?? 0) ? event : undefined;
      }),
  };
}

const isEarly = (event: DrillEvent): event is EarlyLoss => event.kind === 'lose' && event.starting === true;

function isPoolOf(wanted: string, poolId: string): boolean {
  return wanted === '*' || wanted === poolId || poolId.startsWith(`${wanted}/`);
}
