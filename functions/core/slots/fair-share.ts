import type { Slot, Want } from './slot-book.ts';

export interface Line {
  /** Every attempt that wants a slot, the one that asks included. */
  readonly waiting: readonly Want[];
  readonly held: readonly Slot[];
  /** vCPUs that are free. */
  readonly room: number;
  /** vCPUs in all; undefined: not known. */
  readonly have?: number;
}

interface Claimant {
  readonly jobId: string;
  vcpus: number;
  /** In the order in which its attempts would be served. */
  readonly wants: Want[];
}

const since = ({ wants }: Claimant) => Math.min(...wants.map((want) => want.since));

/** Who holds the least comes first, then who has gone without for the longest. The name only makes it certain. */
const byNeed = (a: Claimant, b: Claimant) => a.vcpus - b.vcpus || since(a) - since(b) || (a.jobId < b.jobId ? -1 : 1);

function toClaimants({ waiting, held }: Line, asking: Want): readonly Claimant[] {
  const of = Map.groupBy(waiting, (want) => want.jobId);
  return [...of].map(([jobId, wants]) => ({
    jobId,
    // An idle instance is nobody's.
    vcpus: held.filter((slot) => slot.jobId === jobId && !slot.idle).reduce((sum, slot) => sum + slot.vcpus, 0),
    // One shard of a job is as good as another: the one that asks is here, the others come back later.
    wants: wants.toSorted(
      (a, b) => Number(b === asking) - Number(a === asking) || a.since - b.since || (a.jobName < b.jobName ? -1 : 1),
    ),
  }));
}

/**
 * May this attempt have a slot now? The room is dealt out one slot at a time to the job that holds the least (max-min
 * fairness): a job of 10 images gets the next slot that a night batch gives up, because the batch held one until now.
 * Who comes first and is not here keeps its room until it is back or no longer in line; else a job that wants 8 vCPUs
 * would never see two slots of 4 free at once.
 */
export function inLine(asking: Want, line: Line): 'taken' | 'full' | 'yield' {
  const have = line.have ?? Number.POSITIVE_INFINITY;
  if (line.room < asking.vcpus || asking.vcpus > have) return 'full';
  let room = line.room;
  const claimants = [...toClaimants(line, asking)];
  for (;;) {
    const next = claimants.filter(({ wants }) => wants.length).toSorted(byNeed)[0];
    const want = next?.wants.shift();
    if (!next || !want) throw new TypeError(`Expected \`${asking.jobName}\` to stand in its own line`);
    if (want === asking) return room < asking.vcpus ? 'yield' : 'taken';
    if (want.vcpus > have) continue; // can never be served
    next.vcpus += want.vcpus;
    room -= want.vcpus;
  }
}
