import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { makeS3Bucket } from '../functions/adapters/s3-bucket.ts';
import type { Bucket } from '../functions/core/ports.ts';
import { type Local, type LocalOptions, startLocal } from '../local/start.ts';
import type { Arguments } from './arguments.ts';

export const root = join(fileURLToPath(import.meta.url), '..', '..');
export const defaultPort = 4510;

/** The running workflow and the clients to talk to it: AWS's own, only the endpoint differs. */
export interface Workflow {
  readonly local: Local;
  readonly executions: SFNClient;
  readonly bucket: Bucket;
}

/** @param otherwise the port where `--port` is not given; 0 takes a free one */
export async function openWorkflow(
  args: Arguments,
  otherwise: number,
  onLine: LocalOptions['onLine'] = () => {},
): Promise<Workflow> {
  const local = await startLocal({
    port: args.port ?? otherwise,
    stateDir: resolve(args.state ?? join(root, '.spot-diffusion')),
    workers: args.workers,
    prices: args.prices,
    onLine,
  });
  const client = {
    endpoint: local.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  return {
    local,
    executions: new SFNClient(client),
    bucket: makeS3Bucket(new S3Client({ ...client, forcePathStyle: true }), local.bucket),
  };
}
