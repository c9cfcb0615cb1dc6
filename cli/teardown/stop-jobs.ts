import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchClient,
  type JobStatus,
  paginateDescribeJobQueues,
  paginateListJobs,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { StateMachineDoesNotExist } from '@aws-sdk/client-sfn';
import pMap from 'p-map';
import { makeSfnExecutions } from '../../functions/adapters/sfn-executions.ts';
import { queuePrefix } from '../../functions/core/market/pools.ts';
import { awaitReceipt } from '../target/await-receipt.ts';
import { type ClientConfig, listRunning, statusOf, type Target } from '../target/target.ts';

const reason = 'Stopped by `npm start -- teardown`.';

/** A deletion that stopped half-way took the machine first. */
export const listLeftRunning = (target: Target): Promise<readonly string[]> =>
  listRunning(target).catch((error: unknown) => {
    if (!(error instanceof StateMachineDoesNotExist)) throw error;
    return [];
  });

/** Clean up job hears of the end, frees what the job held and closes it: the stack must stand until then. */
async function awaitClosed(target: Target, jobId: string, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1000;
  // Whoever asks makes the local engine tell Clean up job; on AWS an event does.
  while ((await statusOf(target, jobId)) === 'RUNNING' && Date.now() < until) await sleep(200);
  await awaitReceipt(target.bucket, jobId, (until - Date.now()) / 250);
}

async function stopOne(target: Target, jobId: string, seconds: number): Promise<void> {
  await makeSfnExecutions(target.executions, target.stateMachineArn).stop(jobId, 'JobCanceled', reason);
  await awaitClosed(target, jobId, seconds);
}

const alive: readonly JobStatus[] = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING'];

/** What Clean up job did not reach: a compute environment with a job can't be deleted, and its instance costs. */
export async function terminateBatchJobs(config: ClientConfig): Promise<number> {
  const client = new BatchClient(config);
  const queues: string[] = [];
  for await (const page of paginateDescribeJobQueues({ client }, {})) {
    queues.push(...(page.jobQueues ?? []).map(({ jobQueueName = '' }) => jobQueueName));
  }
  const lists = queues
    .filter((name) => name.startsWith(queuePrefix))
    .flatMap((jobQueue) => alive.map((jobStatus) => ({ jobQueue, jobStatus })));
  const end = async (input: (typeof lists)[number]): Promise<number> => {
    let ended = 0;
    for await (const page of paginateListJobs({ client }, input)) {
      for (const { jobId } of page.jobSummaryList ?? []) {
        await client.send(new TerminateJobCommand({ jobId, reason }));
        ended++;
      }
    }
    return ended;
  };
  return (await pMap(lists, end, { concurrency: 4 })).reduce((sum, ended) => sum + ended, 0);
}

/** Stops all jobs. @param seconds how long each may take to be closed */
export async function stopJobs(target: Target, jobs: readonly string[], seconds = 60): Promise<void> {
  await pMap(jobs, (jobId) => stopOne(target, jobId, seconds), { concurrency: 8 });
}
