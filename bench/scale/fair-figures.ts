import type { HistoryEvent } from '@aws-sdk/client-sfn';

/** Two jobs under a quota with room for few: when the small one that came later had its turn. */
export interface FairShareFigures {
  readonly batchShards: number;
  readonly smallImages: number;
  /** The slot of the small job came after so many attempts of the batch had ended, .. */
  readonly slotAfterBatchAttempts: number;
  /** .. of which so many may have given theirs back while it stood in line: more than one where they were faster than its look. */
  readonly endedWhileInLine: number;
  /** Slots that the batch asked for and took while the small job stood in line: fair is one fewer than ended meanwhile, or 0. */
  readonly batchSlotsMeanwhile: number;
  /** Attempts of the batch that began after it. */
  readonly batchAttemptsAfterSlot: number;
  readonly smallWaitSeconds: number;
  readonly smallSeconds: number;
  readonly batchSeconds: number;
}

type Events = readonly HistoryEvent[];

/** While a job stands in line, the first slot that is given back is kept for it. */
export const isFair = ({ batchSlotsMeanwhile, endedWhileInLine }: FairShareFigures) =>
  batchSlotsMeanwhile <= Math.max(0, endedWhileInLine - 1);

/** A slot is taken while a state picks, and held until the attempt is settled; the run lies in between. */
const picks = 'Pick spot pool';
const runs = 'Run GPU job';
const settles = 'Settle attempt';

const at = ({ timestamp }: HistoryEvent) => timestamp?.getTime() ?? Number.NaN;
const entries = (events: Events, state: string): Events =>
  events.filter((event) => event.stateEnteredEventDetails?.name === state);
const exits = (events: Events, state: string): Events =>
  events.filter((event) => event.stateExitedEventDetails?.name === state);

/** The last time that one of the states was entered before an event, on the same way through the machine. */
function makeLastEntry(events: Events) {
  const byId = new Map(events.map((event) => [event.id, event]));
  return (event: HistoryEvent, ...states: readonly string[]) => {
    for (let one: HistoryEvent | undefined = event; one; one = byId.get(one.previousEventId)) {
      if (states.includes(one.stateEnteredEventDetails?.name ?? '')) return one;
    }
    return undefined;
  };
}

/** When each attempt began to ask for the slot that it then had, and when it ran with it. */
function listSlots(events: Events) {
  const lastEntry = makeLastEntry(events);
  return entries(events, runs).map((run) => ({ asked: at(lastEntry(run, picks) ?? run), ran: at(run) }));
}

/** Between which times each attempt that had run gave its slot back; a refused pick is settled too, and had none. */
function listReturns(events: Events) {
  const lastEntry = makeLastEntry(events);
  return exits(events, settles)
    .filter((exit) => lastEntry(exit, picks, runs)?.stateEnteredEventDetails?.name === runs)
    .map((exit) => ({ from: at(lastEntry(exit, settles) ?? exit), to: at(exit) }));
}

/** From then on the small job surely stands in line: its first look was over, and it was refused. Undefined: it was not. */
function firstRefusal(events: Events, asked: number, slot: number): number | undefined {
  const refused = events.filter(({ type }) => type === 'TaskFailed').map(at);
  return refused.filter((time) => time > asked && time < slot).toSorted((a, b) => a - b)[0];
}

function secondsOf(events: Events): number {
  const times = events.map(at);
  return (Math.max(...times) - Math.min(...times)) / 1000;
}

export function toFairShare(batch: Events, small: Events, smallImages: number): FairShareFigures {
  const asked = Math.min(...entries(small, picks).map(at));
  const slot = Math.min(...entries(small, runs).map(at));
  if (!Number.isFinite(slot)) throw new TypeError('Expected the small job to run, it never had a slot');
  const refused = firstRefusal(small, asked, slot);
  const slots = listSlots(batch);
  const ended = listReturns(batch).filter(({ from }) => from < slot);
  return {
    batchShards: new Set(batch.flatMap((event) => event.mapIterationStartedEventDetails?.index ?? [])).size,
    smallImages,
    slotAfterBatchAttempts: ended.length,
    // It was refused at some time of its first look: from the beginning of that look on a slot may have been meant for it.
    endedWhileInLine: refused === undefined ? 0 : ended.filter(({ to }) => to > asked).length,
    // One whose look began before may have had its slot before: only what asked later has passed by.
    batchSlotsMeanwhile: slots.filter((one) => one.asked > (refused ?? slot) && one.ran < slot).length,
    batchAttemptsAfterSlot: slots.filter(({ ran }) => ran >= slot).length,
    smallWaitSeconds: (slot - asked) / 1000,
    smallSeconds: secondsOf(small),
    batchSeconds: secondsOf(batch),
  };
}
