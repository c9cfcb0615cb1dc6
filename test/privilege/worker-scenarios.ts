import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BatchClient, DescribeJobsCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { findModel } from '../../functions/core/input/models.ts';
import { queueName } from '../../functions/core/market/pools.ts';
import { JOB_DEFINITION, REGION } from '../../local/names.ts';
import { aShard, images } from '../fakes/builders.ts';
import { until } from '../machine/calls.ts';
import type { Machine } from '../machine/harness.ts';
import type { Ends } from './scenarios.ts';

const root = join(import.meta.dirname, '../..');
const python = join(root, '.venv/bin/python');
const run = promisify(execFile);

/** All that the real worker asks for; what a GPU alone would make it ask for is called directly. */
export async function runWorker(machine: Machine): Promise<Ends> {
  const status = async (input: unknown) => (await machine.run(input)).status;
  const prompt = 'a small red ring';
  const plain = await status({ prompt });
  const [picture] = await machine.bucket.list('images/');
  const [fromPicture, withLora, compiled] = await Promise.all([
    status({ prompt, startImage: `s3://spot-diffusion/${picture}` }),
    renderWithLora(machine),
    keepCompiled(machine),
  ]);
  return {
    'the real worker': plain,
    'the real worker, from a start picture': fromPicture,
    'the real worker, with a LoRA': withLora,
    'the real worker, with a compile cache': compiled,
  };
}

/** Submitted to Batch as the machine does: the workflow refuses LoRAs for the one model that is small enough for here. */
async function renderWithLora({ local, bucket }: Machine): Promise<string | undefined> {
  const jobId = `lora-${process.pid}`;
  const key = `jobs/${jobId}/shards/00000.json`;
  const { stdout } = await run(python, [join(import.meta.dirname, 'a_lora.py')], { cwd: root, encoding: 'buffer' });
  await bucket.write('loras/soft-ink.safetensors', stdout);
  const revision = findModel('tiny')?.revision ?? '';
  const drawn = images(1, { revision, loras: [{ name: 'soft-ink', weight: 1 }] });
  await bucket.write(key, JSON.stringify(aShard({ jobId, revision, images: drawn })));
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const batch = new BatchClient({ endpoint: local.endpoint, region: REGION, credentials });
  const environment = { JOB_ID: jobId, SHARD_KEY: key, ATTEMPT: '1', POOL: 'use1-az4/g6.xlarge/spot' };
  const submitted = await batch.send(
    new SubmitJobCommand({
      jobName: jobId,
      jobQueue: queueName({ azId: 'use1-az4', instanceType: 'g6.xlarge', market: 'spot' }),
      jobDefinition: JOB_DEFINITION,
      containerOverrides: { environment: Object.entries(environment).map(([name, value]) => ({ name, value })) },
    }),
  );
  const jobs = [submitted.jobId ?? ''];
  return until(async () => {
    const [job] = (await batch.send(new DescribeJobsCommand({ jobs }))).jobs ?? [];
    return job?.status === 'SUCCEEDED' || job?.status === 'FAILED' ? job.status : undefined;
  });
}

async function keepCompiled({ local }: Machine): Promise<string> {
  const environment = {
    PATH: process.env.PATH,
    PYTHONPATH: join(root, 'container'),
    AWS_ENDPOINT_URL: local.endpoint,
    AWS_ACCESS_KEY_ID: randomUUID(),
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: REGION,
    BUCKET: 'spot-diffusion',
    JOB_ID: 'compiles',
    SHARD_KEY: 'jobs/compiles/shards/00000.json',
    ATTEMPT: '1',
    POOL: 'use1-az4/g6.xlarge/spot',
  };
  const file = join(import.meta.dirname, 'compile_cache.py');
  return run(python, [file], { cwd: root, env: environment }).then(
    () => 'SUCCEEDED',
    (error: { stderr: string }) => error.stderr,
  );
}
