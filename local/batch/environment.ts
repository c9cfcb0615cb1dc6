import path from 'node:path';
import { type Environment, makeAwsEnvironment, makeChildEnvironment } from '../environment.ts';
import { BUCKET, IMDS_PREFIX } from '../names.ts';
import type { BatchJob } from './job.ts';

export interface WorkerPlace {
  readonly endpoint: string;
  readonly repoDir: string;
  readonly stateDir: string;
  readonly cacheDir: string;
}

/** The container environment of a job, with a metadata service and a key pair of its own: by the key its images are counted. */
export function makeWorkerEnvironment(
  job: BatchJob,
  { endpoint, repoDir, stateDir, cacheDir }: WorkerPlace,
): Environment {
  return {
    ...makeChildEnvironment(cacheDir),
    ...makeAwsEnvironment(endpoint, job.jobId),
    PYTHONPATH: path.join(repoDir, 'container'),
    BUCKET,
    IMDS_ENDPOINT: `${endpoint}${IMDS_PREFIX}${job.jobId}`,
    IMDS_POLL_SECONDS: '1',
    WORKER_CACHE_DIR: path.join(stateDir, 'worker-cache'),
    AWS_BATCH_JOB_ID: job.jobId,
    AWS_BATCH_JQ_NAME: job.submission.jobQueue,
    ...job.environment,
  };
}
