import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  BatchClient,
  DescribeJobsCommand,
  type JobDetail,
  SubmitJobCommand,
  type SubmitJobCommandInput,
} from '@aws-sdk/client-batch';
import { openRouter } from '../../../local/address/router.ts';
import { send, toTextReply } from '../../../local/address/wire.ts';
import { type DrillEvent, makeDrill } from '../../../local/batch/drill.ts';
import { makeBatchEndpoint } from '../../../local/batch/endpoint.ts';
import { makeWorkerEnvironment } from '../../../local/batch/environment.ts';
import { makeImds } from '../../../local/batch/imds.ts';
import type { BatchJob } from '../../../local/batch/job.ts';
import { makeBatchRunner } from '../../../local/batch/runner.ts';
import { startWorkerProcess } from '../../../local/batch/worker-process.ts';
import { aClient, aStateDir, until, workerCommand } from '../harness.ts';

export const queue = 'spot-diffusion-use1-az4-g6-xlarge-spot';

export type BatchFloor = Awaited<ReturnType<typeof aBatchFloor>>;

/** Batch and IMDS behind the router, and a bucket that only counts: no engine is needed to see a job's life. */
export async function aBatchFloor(drill: readonly DrillEvent[] = []) {
  const router = await openRouter(0);
  const logDir = await aStateDir();
  const endpoint = `http://127.0.0.1:${router.port}`;
  const jobs = new Map<string, BatchJob>();
  const lines: string[] = [];
  const place = { endpoint, repoDir: logDir, stateDir: logDir, cacheDir: logDir };
  const runner = makeBatchRunner({
    workers: 2,
    timeScale: 0.001,
    drill: makeDrill(drill),
    startWorker: (job) =>
      startWorkerProcess({
        command: workerCommand,
        cwd: logDir,
        environment: makeWorkerEnvironment(job, place),
        logFile: path.join(logDir, `${job.submission.jobName}.log`),
      }),
    onWorkerEnd: () => {},
    onLine: (line) => lines.push(line),
  });
  router.serve({
    endpoints: { batch: makeBatchEndpoint(jobs, runner) },
    imds: makeImds(jobs),
    forward: async (request, response, { accessKeyId }) => {
      const job = jobs.get(accessKeyId);
      if (job && request.url?.includes('/images/')) runner.imageStored(job);
      send(response, toTextReply(200, ''));
    },
  });
  const batch = new BatchClient(aClient(endpoint));
  return {
    ...makeActions(batch),
    batch,
    endpoint,
    lines,
    logOf: (job: JobDetail) => readFile(path.join(logDir, `${job.jobName}.log`), 'utf8'),
    end: async () => {
      await runner.stop();
      await router.close();
      await rm(logDir, { recursive: true, force: true });
    },
  };
}

function makeActions(batch: BatchClient) {
  let counter = 0;
  const describeJob = async (jobId?: string): Promise<JobDetail> => {
    const { jobs = [] } = await batch.send(new DescribeJobsCommand({ jobs: [String(jobId)] }));
    const [job] = jobs;
    if (!job) throw new Error(`Expected job ${jobId}.`);
    return job;
  };
  const submit = async (environment: Record<string, string>, rest: Partial<SubmitJobCommandInput> = {}) => {
    counter += 1;
    const pairs = Object.entries({ ATTEMPT: '1', ...environment }).map(([name, value]) => ({ name, value }));
    const input = {
      jobName: `job-${counter}`,
      jobQueue: queue,
      jobDefinition: 'spot-diffusion-worker',
      containerOverrides: { environment: pairs },
      ...rest,
    };
    return describeJob((await batch.send(new SubmitJobCommand(input))).jobId);
  };
  const finish = (job: JobDetail) =>
    until(async () => {
      const now = await describeJob(job.jobId);
      return now.stoppedAt === undefined ? undefined : now;
    });
  return { describeJob, submit, finish };
}
