import { randomUUID } from 'node:crypto';
import { type Endpoint, toTextReply } from '../address/wire.ts';
import { findZone } from '../market/pools.ts';
import { IMDS_PREFIX, REGION } from '../names.ts';
import type { BatchJob } from './job.ts';

/** The instance metadata service (IMDSv2) of each job's pretended host, at `/_imds/<job id>/latest/…`. */
export function makeImds(jobs: ReadonlyMap<string, BatchJob>): Endpoint {
  const tokens = new Set<string>();
  return async ({ method, path, headers }) => {
    const [jobId = '', ...rest] = path.slice(IMDS_PREFIX.length).split('/');
    const job = jobs.get(jobId);
    const item = rest.join('/');
    if (!job) return toTextReply(404, 'no such host');
    if (method === 'PUT' && item === 'latest/api/token') {
      if (!headers['x-aws-ec2-metadata-token-ttl-seconds']) return toTextReply(400, 'token TTL missing');
      const token = randomUUID();
      tokens.add(token);
      return toTextReply(200, token);
    }
    if (!tokens.has(String(headers['x-aws-ec2-metadata-token']))) return toTextReply(401, 'token missing');
    const value = readItem(job, item);
    return value === undefined ? toTextReply(404, 'not found') : toTextReply(200, value);
  };
}

function readItem(job: BatchJob, item: string): string | undefined {
  const zone = findZone(job.pool);
  const items: Readonly<Record<string, string | undefined>> = {
    'latest/meta-data/instance-id': job.instanceId,
    'latest/meta-data/instance-type': job.pool.instanceType,
    'latest/meta-data/instance-life-cycle': job.pool.market,
    'latest/meta-data/placement/region': REGION,
    'latest/meta-data/placement/availability-zone': zone?.name,
    'latest/meta-data/placement/availability-zone-id': zone?.id,
    'latest/meta-data/spot/instance-action': job.notice && JSON.stringify({ action: 'terminate', time: job.notice }),
    'latest/meta-data/spot/termination-time': job.notice,
  };
  return items[item];
}
