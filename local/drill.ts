/**
 * A rehearsal of what Spot does to a job. Each event happens once (`capacity` as often as `times` says), to the first
 * attempt that fits: `attempt` is the attempt number of the shard, any if left out; `afterImages` counts the images that
 * this attempt has put into the bucket, 0 means as soon as the worker runs.
 */
export type DrillEvent =
  /** The notice appears in IMDS, and the host dies at the announced time. AWS gives 120 s; the default here is 30. */
  | {
      readonly kind: 'interrupt';
      readonly afterImages: number;
      readonly attempt?: number;
      readonly noticeSeconds?: number;
    }
  /** The host is gone without a word. */
  | { readonly kind: 'lose'; readonly afterImages: number; readonly attempt?: number }
  /** The worker alone is killed, as by `kill -9`. */
  | { readonly kind: 'kill'; readonly afterImages: number; readonly attempt?: number }
  /** No capacity in a pool: a pool id, an AZ id, or `*`. */
  | { readonly kind: 'capacity'; readonly pool: string; readonly times?: number }
  /** The container ends with this code before the worker begins. */
  | { readonly kind: 'fault'; readonly exitCode: number; readonly attempt?: number };

export type LossEvent = Extract<DrillEvent, { readonly afterImages: number }>;

export interface Drill {
  /** True when this job is to find no capacity. */
  takeCapacity(poolId: string): boolean;
  takeFault(attempt: number): number | undefined;
  takeLoss(attempt: number, images: number): LossEvent | undefined;
}

export function makeDrill(events: readonly DrillEvent[]): Drill {
  const left = events.map((event) => ({ event, times: event.kind === 'capacity' ? (event.times ?? 1) : 1 }));
  const take = <E extends DrillEvent>(choose: (event: DrillEvent) => E | undefined): E | undefined => {
    for (const entry of left) {
      const chosen = entry.times > 0 ? choose(entry.event) : undefined;
      if (!chosen) continue;
      entry.times -= 1;
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
    takeLoss: (attempt, images) =>
      take((event) =>
        'afterImages' in event && isDue(event, attempt) && images >= event.afterImages ? event : undefined,
      ),
  };
}

function isPoolOf(wanted: string, poolId: string): boolean {
  return wanted === '*' || wanted === poolId || poolId.startsWith(`${wanted}/`);
}
