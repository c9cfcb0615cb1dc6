import { setTimeout as sleep } from 'node:timers/promises';
import type { JobDetail } from '@aws-sdk/client-batch';
import type { DeliverEnd } from '../../local/execution-events.ts';
import { describeJobs } from './describe-jobs.ts';
import type { StormPlan } from './plan.ts';
import type { Stage } from './stage.ts';
import type { Witness } from './witness.ts';

/*
 * EventBridge in the storm. The local stack delivers the bad end of an execution once and at once; AWS delivers at least
 * once and at some time, and also tells Explain waiting of a queue that is blocked. So each event is delivered here, and
 * only here: late, or in time and a second time later.
 */
export interface EventBridge {
  readonly deliverEnd: DeliverEnd;
  /** Waits for what is under way. */
  settle(): Promise<void>;
  readonly delivered: () => number;
}

const lookMs = 150;

/** Half of the events come in time and once more later, the others late. */
function makeMail(stage: Stage, { deliveries }: StormPlan) {
  const underway = new Set<Promise<void>>();
  let delivered = 0;

  function send(functionName: string, event: unknown): void {
    const { delayMs = 0, twice = false } = deliveries[delivered % deliveries.length] ?? {};
    delivered += 1;
    const once = () => stage.deliver(functionName, event);
    const work = async () => {
      if (twice) await once();
      await sleep(delayMs);
      await once();
    };
    const kept: Promise<void> = work().finally(() => underway.delete(kept));
    underway.add(kept);
  }

  const settle = async () => {
    while (underway.size) await Promise.all(underway);
  };
  return { send, settle, delivered: () => delivered };
}

export function openEventBridge(stage: Stage, witness: Witness, plan: StormPlan): EventBridge {
  const mail = makeMail(stage, plan);
  const told = new Set<string>();
  const over = new Set<string>();
  let isOpen = true;

  function look(job: JobDetail): void {
    const { jobId = '', status = '', statusReason = '' } = job;
    if (status === 'SUCCEEDED' || status === 'FAILED') {
      over.add(jobId);
      if (told.has(jobId)) mail.send('explain-waiting', toEvent('Batch Job State Change', job));
      return;
    }
    if (status !== 'RUNNABLE' || !statusReason.startsWith('CAPACITY:') || told.has(jobId)) return;
    told.add(jobId);
    mail.send('explain-waiting', toEvent('Batch Job Queue Blocked', job));
  }

  async function watch(): Promise<void> {
    for (; isOpen; await sleep(lookMs)) {
      const open = [...witness.submitted.values()].flat().filter((id) => !over.has(id));
      for (const job of open.length ? await describeJobs(stage.batch, open) : []) look(job);
    }
  }

  const watching = watch();
  // `settle` throws it.
  watching.catch(() => {});
  return {
    deliverEnd: (event) => mail.send('clean-up-job', event),
    settle: async () => {
      isOpen = false;
      await watching;
      await mail.settle();
    },
    delivered: mail.delivered,
  };
}

function toEvent(detailType: string, detail: JobDetail) {
  return { 'detail-type': detailType, source: 'aws.batch', time: new Date().toISOString(), detail };
}
