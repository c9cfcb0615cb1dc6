import {
  type BatchClient,
  type ComputeEnvironmentDetail,
  paginateDescribeComputeEnvironments,
  paginateDescribeJobQueues,
  UpdateComputeEnvironmentCommand,
} from '@aws-sdk/client-batch';
import type { ComputeEnvironment, ComputeEnvironments } from '../core/fleet/ports.ts';

/** The states in which Batch takes a change. */
const settled = new Set(['VALID', 'INVALID']);

function toEnvironment(detail: ComputeEnvironmentDetail): readonly ComputeEnvironment[] {
  const { computeEnvironmentArn: arn, status = '', ecsClusterArn, computeResources } = detail;
  if (!arn) return [];
  return [
    {
      arn,
      settled: settled.has(status),
      valid: status === 'VALID',
      clusterArn: ecsClusterArn,
      imageId: computeResources?.ec2Configuration?.[0]?.imageIdOverride,
    },
  ];
}

/** Compute environments have no names of ours (a named one can't be replaced): they are found through their queues. */
export function makeBatchEnvironments(client: BatchClient): ComputeEnvironments {
  async function listArns(jobQueues: string[]): Promise<readonly string[]> {
    const arns: string[] = [];
    for await (const page of paginateDescribeJobQueues({ client }, { jobQueues })) {
      const orders = (page.jobQueues ?? []).flatMap((queue) => queue.computeEnvironmentOrder ?? []);
      arns.push(...orders.flatMap((order) => order.computeEnvironment ?? []));
    }
    return arns;
  }

  return {
    behind: async (queues) => {
      const computeEnvironments = [...new Set(await listArns([...queues]))];
      // An empty list would ask for those of the whole account.
      if (!computeEnvironments.length) return [];
      const found: ComputeEnvironment[] = [];
      for await (const page of paginateDescribeComputeEnvironments({ client }, { computeEnvironments })) {
        found.push(...(page.computeEnvironments ?? []).flatMap(toEnvironment));
      }
      return found;
    },
    useImage: async (arn, imageIdOverride) => {
      const ec2Configuration = [{ imageType: 'ECS_AL2023_NVIDIA', imageIdOverride }];
      const computeResources = { ec2Configuration };
      await client.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: arn, computeResources }));
    },
  };
}
