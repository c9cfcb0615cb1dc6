import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** Two jobs under a quota with room for few: when the small one that came later had its turn. */
export interface FairShareFigures {
  readonly batchShards: number;
  readonly smallImages: number;
  /** The slot of the small job came after so many attempts of the batch had ended, .. */
  readonly slotAfterBatchAttempts: number;
  /** .. of which so many ended while it waited; 1 is the next one that ends, more were faster than its look. */
  readonly endedWhileWaiting: number;
  /** Slots that the batch took while the small job waited: 0 is fair. */
  readonly batchSlotsMeanwhile: number;
  /** Attempts of the batch that began after it. */
  readonly batchAttemptsAfterSlot: number;
  readonly smallWaitSeconds: number;
  readonly smallSeconds: number;
  readonly batchSeconds: number;
}

interface Visit {
  readonly state: string;
  readonly entered: boolean;
  readonly at: number;
}

const toVisits = (events: readonly HistoryEvent[]): readonly Visit[] =>
  events.flatMap(({ timestamp, stateEnteredEventDetails, stateExitedEventDetails }) => {
    const name = stateEnteredEventDetails?.name ?? stateExitedEventDetails?.name;
    return name && timestamp ? [{ state: name, entered: !!stateEnteredEventDetails, at: timestamp.getTime() }] : [];
  });

const times = (visits: readonly Visit[], state: string, entered: boolean): readonly number[] =>
  visits.filter((visit) => visit.state === state && visit.entered === entered).map(({ at }) => at);

function secondsOf(events: readonly HistoryEvent[]): number {
  const at = events.flatMap(({ timestamp }) => timestamp?.getTime() ?? []);
  return (Math.max(...at) - Math.min(...at)) / 1000;
}

/** An attempt holds its slot from the end of Pick spot pool until it is settled; Run GPU job lies in between. */
const running = 'Run GPU job';

export function toFairShare(
  batch: readonly HistoryEvent[],
  small: readonly HistoryEvent[],
  smallImages: number,
): FairShareFigures {
  const [batchVisits, smallVisits] = [toVisits(batch), toVisits(small)];
  const asked = Math.min(...times(smallVisits, 'Pick spot pool', true));
  const slot = Math.min(...times(smallVisits, running, true));
  if (!Number.isFinite(slot)) throw new TypeError('Expected the small job to run, it never had a slot');
  const begun = times(batchVisits, running, true);
  const ended = times(batchVisits, running, false);
  const isMeanwhile = (at: number) => at > asked && at < slot;
  return {
    batchShards: new Set(batch.flatMap((event) => event.mapIterationStartedEventDetails?.index ?? [])).size,
    smallImages,
    slotAfterBatchAttempts: ended.filter((at) => at < slot).length,
    endedWhileWaiting: ended.filter(isMeanwhile).length,
    batchSlotsMeanwhile: begun.filter(isMeanwhile).length,
    batchAttemptsAfterSlot: begun.filter((at) => at >= slot).length,
    smallWaitSeconds: (slot - asked) / 1000,
    smallSeconds: secondsOf(small),
    batchSeconds: secondsOf(batch),
  };
}
