import { makeSettleAttempt } from '../../functions/settle-attempt.ts';
import { type FakeQueue, makeFakeQueue } from '../fakes/batch-queue.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aPick, aReservation, aShard, aTried } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeLearned } from '../fakes/learned.ts';
import { makeFakeLedger } from '../fakes/ledger.ts';
import { aSlotRequest } from '../fakes/slot-request.ts';
import { makeFakeSlots } from '../fakes/slots.ts';
import { makeFakeWaits } from '../fakes/waits.ts';

const recordKey = 'jobs/job-1/attempts/00000-1.json';
export const settlementKey = 'jobs/job-1/attempts/00000-1.settled.json';
export const causeOf = (over: object) =>
  JSON.stringify({ JobId: 'b-1', StartedAt: 1e12, StoppedAt: 1e12 + 390_000, Container: {}, ...over });
export const interrupted = {
  stage: 'run',
  error: 'States.TaskFailed',
  cause: causeOf({ StatusReason: 'Host EC2 (instance i-0abc) terminated.' }),
};

export const succeeded = (over: object = {}) => ({
  stage: 'run',
  job: JSON.parse(causeOf({ Status: 'SUCCEEDED', ...over })),
});

/** One attempt that was picked: its reservation and its slot are taken. */
export async function setUp(
  over: {
    readonly queue?: FakeQueue;
    readonly random?: number;
    readonly timeScale?: number;
    readonly record?: string;
    readonly simulated?: boolean;
  } = {},
) {
  const record: Record<string, string> = over.record === undefined ? {} : { [recordKey]: over.record };
  const bucket = makeFakeBucket({ 'jobs/job-1/shards/00000.json': JSON.stringify(aShard()), ...record });
  const clock = makeFakeClock();
  const ledger = makeFakeLedger();
  const slots = makeFakeSlots(clock.now);
  const learned = makeFakeLearned(clock.now);
  await ledger.reserve(aReservation());
  await slots.take(aSlotRequest({ now: clock.now() }));
  const queue = over.queue ?? makeFakeQueue();
  const waits = makeFakeWaits();
  const state = makeSettleAttempt({
    bucket,
    ledger,
    slots,
    learned,
    queue,
    waits,
    clock,
    region: 'eu-west-1',
    random: () => over.random ?? 0,
    timeScale: over.timeScale ?? 1,
    simulated: over.simulated,
  });
  const settle = (end: object, more: object = {}) =>
    state({ jobId: 'job-1', shard: 0, attempt: 1, tried: aTried(), pick: aPick(), end, ...more });
  const settlement = async () => JSON.parse((await bucket.read(settlementKey)) ?? '');
  return { bucket, clock, ledger, slots, learned, queue, waits, settle, settlement };
}
