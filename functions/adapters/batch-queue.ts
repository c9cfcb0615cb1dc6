import { type BatchClient, type JobSummary, paginateListJobs, TerminateJobCommand } from '@aws-sdk/client-batch';
import type { BatchQueue } from '../core/ports.ts';

const over = new Set(['SUCCEEDED', 'FAILED']);

export function makeBatchQueue(client: BatchClient): BatchQueue {
  return {
    terminate: async (queue, jobName, reason) => {
      const filters = [{ name: 'JOB_NAME', values: [jobName] }];
      const jobSummaryList: JobSummary[] = [];
      for await (const page of paginateListJobs({ client }, { jobQueue: queue, filters })) {
        jobSummaryList.push(...(page.jobSummaryList ?? []));
      }
      const running = jobSummaryList.filter((job) => job.jobId && !over.has(job.status ?? ''));
      for (const job of running) await client.send(new TerminateJobCommand({ jobId: job.jobId, reason }));
      return running.length > 0;
    },
  };
}
