import { type BatchClient, DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';

const mostAtOnce = 100;

/** The first hundred of them, in their order. */
export async function describeJobs(batch: BatchClient, ids: readonly string[]): Promise<readonly JobDetail[]> {
  const { jobs = [] } = await batch.send(new DescribeJobsCommand({ jobs: ids.slice(0, mostAtOnce) }));
  return ids.flatMap((id) => jobs.find((job) => job.jobId === id) ?? []);
}
