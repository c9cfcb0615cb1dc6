import {
  type BatchClient,
  CancelJobCommand,
  DescribeJobsCommand,
  type JobStatus,
  type JobSummary,
  type ListJobsCommandInput,
  paginateListJobs,
  TerminateJobCommand,
} from '@aws-sdk/client-batch';
import { type BatchQueue, isOver, type QueuedJob } from '../core/batch-queue.ts';

/** In the order of a job's life: one that goes on meanwhile is listed twice, not missed. */
const waiting: readonly JobStatus[] = ['SUBMITTED', 'PENDING', 'RUNNABLE'];

/** Batch takes 1,024 characters. */
const toReason = (text: string) => text.slice(0, 1024);

/** What a list and a description of a job have in common. */
type Told = Pick<JobSummary, 'jobId' | 'jobName' | 'status' | 'statusReason' | 'createdAt' | 'startedAt' | 'stoppedAt'>;

const toQueuedJob = (queue: string, job: Told): QueuedJob => ({
  id: job.jobId ?? '',
  jobName: job.jobName ?? '',
  queue,
  status: job.status ?? '',
  statusReason: job.statusReason ?? '',
  createdAt: job.createdAt,
  startedAt: job.startedAt,
  stoppedAt: job.stoppedAt,
});

export function makeBatchQueue(client: BatchClient): BatchQueue {
  async function list(input: ListJobsCommandInput): Promise<readonly JobSummary[]> {
    const jobs: JobSummary[] = [];
    for await (const page of paginateListJobs({ client }, input)) jobs.push(...(page.jobSummaryList ?? []));
    return jobs;
  }

  const cancel = async (jobId: string, reason: string) => {
    await client.send(new CancelJobCommand({ jobId, reason: toReason(reason) }));
  };

  /** The newest first. */
  const listNamed = async (queue: string, jobName: string): Promise<readonly QueuedJob[]> => {
    const found = await list({ jobQueue: queue, filters: [{ name: 'JOB_NAME', values: [jobName] }] });
    // The filter does not tell capitals from small letters.
    const jobs = found.filter((job) => job.jobId && job.jobName === jobName).map((job) => toQueuedJob(queue, job));
    return jobs.toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
  };

  return {
    terminate: async (queue, jobName, reason) => {
      const jobs = await listNamed(queue, jobName);
      for (const job of jobs) {
        if (!isOver(job)) await client.send(new TerminateJobCommand({ jobId: job.id, reason }));
      }
      return jobs[0];
    },
    find: async (queue, jobName) => (await listNamed(queue, jobName))[0],
    describe: async (id) => {
      const { jobs } = await client.send(new DescribeJobsCommand({ jobs: [id] }));
      const job = jobs?.[0];
      return job && toQueuedJob(job.jobQueue?.split('/').at(-1) ?? '', job);
    },
    cancel,
    cancelWaiting: async (queue, reason) => {
      const ids = new Set<string>();
      for (const jobStatus of waiting) {
        for (const { jobId } of await list({ jobQueue: queue, jobStatus })) if (jobId) ids.add(jobId);
      }
      for (const id of ids) await cancel(id, reason);
      return ids.size;
    },
  };
}
