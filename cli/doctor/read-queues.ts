import {
  BatchClient,
  type ComputeEnvironmentDetail,
  type JobQueueDetail,
  paginateDescribeComputeEnvironments,
  paginateDescribeJobQueues,
} from '@aws-sdk/client-batch';
import { listPools, queueName } from '../../functions/core/market/pools.ts';
import type { ClientConfig } from '../target/target.ts';
import type { BatchState, QueueFacts } from './queue-findings.ts';

const toState = (detail: JobQueueDetail | ComputeEnvironmentDetail): BatchState => ({
  state: detail.state ?? '',
  status: detail.status ?? '',
  statusReason: detail.statusReason ?? '',
});

async function listQueues(client: BatchClient, jobQueues: string[]): Promise<readonly JobQueueDetail[]> {
  const found: JobQueueDetail[] = [];
  for await (const page of paginateDescribeJobQueues({ client }, { jobQueues })) found.push(...(page.jobQueues ?? []));
  return found;
}

async function listEnvironments(client: BatchClient, arns: string[]): Promise<ReadonlyMap<string, BatchState>> {
  const found = new Map<string, BatchState>();
  // An empty list would ask for those of the whole account.
  if (!arns.length) return found;
  const input = { computeEnvironments: arns };
  for await (const page of paginateDescribeComputeEnvironments({ client }, input)) {
    for (const one of page.computeEnvironments ?? []) found.set(one.computeEnvironmentArn ?? '', toState(one));
  }
  return found;
}

const arnsOf = ({ computeEnvironmentOrder = [] }: JobQueueDetail) =>
  computeEnvironmentOrder.flatMap(({ computeEnvironment }) => computeEnvironment ?? []);

/** The queues of the configured pools, with what is behind them. */
export async function readQueues(
  config: ClientConfig,
  zones: readonly string[],
  types: readonly string[],
): Promise<QueueFacts> {
  const client = new BatchClient(config);
  const wanted = listPools(zones, types).map(queueName);
  const queues = await listQueues(client, [...wanted]);
  const environments = await listEnvironments(client, [...new Set(queues.flatMap(arnsOf))]);
  const found = queues.map((queue) => ({
    name: queue.jobQueueName ?? '',
    ...toState(queue),
    environments: arnsOf(queue).flatMap((arn) => environments.get(arn) ?? []),
  }));
  return { wanted, found };
}
